// SPDX-License-Identifier: Apache-2.0
export { fluxControllers, type ControllerPorts } from "./controllers.ts";
export { flagsNotBuilt, fluxFlags, type FluxFlagValues } from "./flags.ts";
export { buildJob } from "./kustomize/kustomization/build.ts";
export { unpackJob, unpackWith } from "./unpack-job.ts";
