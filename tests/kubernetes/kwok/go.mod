// SPDX-License-Identifier: Apache-2.0
// Nodes and pods of the real Kubernetes under test, simulated; a module of its own because its dependencies disagree with those of Kubernetes.
module flux-ts.test/kwok

go 1.26.0

tool sigs.k8s.io/kwok/cmd/kwok

require sigs.k8s.io/kwok v0.8.0
