// SPDX-License-Identifier: Apache-2.0
export type * from "./resource.ts";
export type { ApiServer, ApiServerOptions, ServerRequest } from "./server.ts";
export { ADMIN, createApiServer } from "./server.ts";
export type { Answer } from "./answer/answer.ts";
export { KubeServerError, type KubeServerErrorCode } from "./kube-server-error.ts";
export type { ControlPlaneOptions, PlaneLevel } from "./controllers/control-plane.ts";
export { startControlPlane } from "./controllers/control-plane.ts";
export type { RunningControllers } from "./controllers/loop.ts";
export type { PodRule } from "./controllers/pod-outcome.ts";
