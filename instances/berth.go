package instances

import (
	"bytes"
	"path/filepath"

	"berth/instances/kube"
	"berth/model"
)

// berthFormat is berth's own document, JSON or YAML; model reads it.
var berthFormat = Format{
	Name:  "berth",
	Short: "berth/v1, JSON or YAML: berth's own documents",
	Looks: func(data []byte, file string) bool {
		if looksLikeWfFormat(data) || looksRasa(data) || kube.Looks(data) {
			return false
		}
		switch filepath.Ext(file) {
		case ".yaml", ".yml", ".json":
			return true
		}
		return bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n"), []byte("{")) || bytes.Contains(data, []byte("berth/v1"))
	},
	Read: func(data []byte, file string, opts Options) (*model.Instance, error) {
		if err := opts.plain("berth", file); err != nil {
			return nil, err
		}
		return model.Read(data, file)
	},
}
