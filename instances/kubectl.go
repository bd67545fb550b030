package instances

import (
	"berth/instances/kube"
	"berth/model"
)

// kubectlFormat is a cluster as kubectl lists it; kube reads it.
var kubectlFormat = Format{
	Name:  "kubectl",
	Short: "nodes and pods of a cluster, as kubectl get nodes,pods,pv,pvc,pdb -A -o json writes them",
	Looks: func(data []byte, _ string) bool { return kube.Looks(data) },
	Read: func(data []byte, file string, opts Options) (*model.Instance, error) {
		if err := opts.plain("kubectl", file); err != nil {
			return nil, err
		}
		return kube.Read(data, file, baseName(file), opts.Without, opts.Note)
	},
}
