// SPDX-License-Identifier: Apache-2.0
export type * from "./resource.ts";
export type { ApiServer, ApiServerOptions, ServerRequest } from "./server.ts";
export { ADMIN, createApiServer } from "./server.ts";
export type { Answer } from "./answer/answer.ts";
export { KubeServerError, type KubeServerErrorCode } from "./kube-server-error.ts";
export type { ControlPlaneOptions, PlaneLevel } from "./controllers/control-plane.ts";
export { startControlPlane } from "./controllers/control-plane.ts";
export type { RunningControllers } from "./controllers/loop.ts";
export type { PodRule } from "./controllers/kubelet/pod-outcome.ts";
export type { Change, Journal } from "./store/change.ts";
export { type FileJournal, type FileJournalOptions, openFileJournal } from "./store/file-journal.ts";
export type { SubresourceHandler } from "./plane.ts";
export { createFetch, type FetchLike } from "./fetch-adapter.ts";
export { serveHttps, type Front, type ServeOptions } from "./front/serve-https.ts";
export type { TokenAuthenticator } from "./front/authenticate.ts";
export { createAuthority, issueClient, issueServer, type KeyPair } from "./tls/authority.ts";
export { kubeconfig, type KubeconfigInput, writeKubeconfig } from "./tls/kubeconfig.ts";
export { createPki, loadOrCreatePki, type Pki } from "./tls/pki-files.ts";
