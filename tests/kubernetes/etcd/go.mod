// SPDX-License-Identifier: Apache-2.0
// The store of the real Kubernetes under test; a module of its own because its dependencies disagree with those of Kubernetes.
module flux-ts.test/etcd

go 1.26.0

tool go.etcd.io/etcd/server/v3

require go.etcd.io/etcd/server/v3 v3.6.13
