package results

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
)

// Store is the folder of a sweep, open for writing. Records are appended to one
// file, a line each, and are on the disk before Add returns. One process at a time
// may have a folder open.
type Store struct {
	folder  string
	file    *os.File
	lock    *os.File
	size    int64 // of the whole lines
	records []Record
	full    bool
	// Mended says what was put right when the folder was opened; empty: nothing.
	Mended string
}

const (
	lockName    = "lock"
	reserveName = "reserve"
	reserveSize = 4 << 20
)

// ErrFull is wrapped by the error of Add where the disk is full.
var ErrFull = errors.New("the disk is full")

// Open opens the folder of a sweep, made where it is missing, and takes its lock. A
// last line that a crash tore is cut off. Any other damage is an error that names
// the line.
func Open(folder string) (_ *Store, err error) {
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return nil, fmt.Errorf("the folder for records cannot be made: %w; choose another --out", err)
	}
	s := &Store{folder: folder}
	defer func() {
		if err != nil {
			s.Close()
		}
	}()
	if s.lock, err = lockFile(filepath.Join(folder, lockName)); err != nil {
		return nil, err
	}
	if s.file, err = os.OpenFile(filepath.Join(folder, fileName), os.O_RDWR|os.O_CREATE, 0o666); err != nil {
		return nil, fmt.Errorf("records cannot be opened: %w; choose another --out", err)
	}
	if err := s.recover(); err != nil {
		return nil, err
	}
	if err := s.keepReserve(); err != nil {
		return nil, err
	}
	return s, syncFolder(folder)
}

// recover reads what is there and mends the end.
func (s *Store) recover() error {
	data, err := io.ReadAll(s.file)
	if err != nil {
		return fmt.Errorf("records cannot be read: %w", err)
	}
	records, whole, err := parse(data, s.file.Name())
	if err != nil {
		return err
	}
	s.records, s.size = records, int64(whole)
	if whole == len(data) {
		return nil
	}
	if err := s.cut(); err != nil {
		return fmt.Errorf("the torn last line of %s cannot be cut off: %w", s.file.Name(), err)
	}
	if _, err := parseLine(data[whole:]); err == nil {
		s.Mended = fmt.Sprintf("%s ended without a line feed; it was added", s.file.Name())
		return s.append(append(data[whole:], '\n'))
	}
	s.Mended = fmt.Sprintf("the last line of %s was torn; it was cut off and that run is made again", s.file.Name())
	return nil
}

// cut takes off what follows the last whole line.
func (s *Store) cut() error {
	if err := s.file.Truncate(s.size); err != nil {
		return err
	}
	_, err := s.file.Seek(s.size, io.SeekStart)
	return err
}

// keepReserve sets disk space aside for the records of the runs that are under way
// when the disk fills up.
func (s *Store) keepReserve() error {
	path := filepath.Join(s.folder, reserveName)
	if info, err := os.Stat(path); err == nil && info.Size() == reserveSize {
		return nil
	}
	err := os.WriteFile(path, make([]byte, reserveSize), 0o666)
	if errors.Is(err, syscall.ENOSPC) {
		os.Remove(path)
		return fmt.Errorf("%w: a sweep wants %d MiB free in %s to begin with; make room", ErrFull, reserveSize>>20, s.folder)
	}
	return err
}

// Records returns the records that the folder held when it was opened. The slice is
// shared.
func (s *Store) Records() []Record { return s.records }

// Add appends a record and returns when it is on the disk. Where the disk is full it
// takes the space that was set aside: then the record is safe, and the error, which
// wraps ErrFull, says that no further run should begin. Records of runs under way
// can still be added.
func (s *Store) Add(r *Record) error {
	line, err := r.line()
	if err != nil {
		return err
	}
	err = s.append(line)
	if errors.Is(err, syscall.ENOSPC) {
		s.full = true
		os.Remove(filepath.Join(s.folder, reserveName))
		err = s.append(line)
	}
	if err != nil {
		return fmt.Errorf("the record of %s on %s cannot be written to %s: %w", r.Method, r.Instance.Name, s.file.Name(), err)
	}
	if s.full {
		return fmt.Errorf("%w: %s; every finished run is recorded; make room and start the sweep again, it goes on where it was", ErrFull, s.folder)
	}
	return nil
}

// append writes a line and syncs it, or leaves the file as it was.
func (s *Store) append(line []byte) error {
	_, err := s.file.Write(line)
	if err == nil {
		err = s.file.Sync()
	}
	if err != nil {
		return errors.Join(err, s.cut())
	}
	s.size += int64(len(line))
	return nil
}

// Close gives the folder free. A nil file is one that Open did not get to.
func (s *Store) Close() error {
	var err error
	for _, file := range []*os.File{s.file, s.lock} {
		if file != nil {
			err = errors.Join(err, file.Close())
		}
	}
	return err
}

// lockFile takes the lock of a folder. It is gone with the process, however that
// ends.
func lockFile(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, fmt.Errorf("the lock cannot be opened: %w; choose another --out", err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		file.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("another sweep is at work in this folder: %s; wait for it, stop it, or choose another --out", filepath.Dir(path))
		}
		return nil, fmt.Errorf("%s cannot be locked: %w", path, err)
	}
	return file, nil
}

// Busy says whether a sweep is at work in a folder.
func Busy(folder string) bool {
	file, err := os.Open(filepath.Join(folder, lockName))
	if err != nil {
		return false
	}
	defer file.Close()
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_SH|syscall.LOCK_NB); err != nil {
		return errors.Is(err, syscall.EWOULDBLOCK)
	}
	return false
}

// syncFolder makes new names in a folder last.
func syncFolder(folder string) error {
	file, err := os.Open(folder)
	if err != nil {
		return err
	}
	defer file.Close()
	return file.Sync()
}
