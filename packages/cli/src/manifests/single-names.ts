// SPDX-License-Identifier: Apache-2.0

/** The Deployment that has all controllers; the program and the `app` label of its pods have the same name. */
export const SINGLE = "flux-controllers";
/** Of its pods: where events are taken. */
export const SINGLE_EVENTS_PORT = "http-events";
