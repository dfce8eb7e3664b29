// SPDX-License-Identifier: Apache-2.0

/** Of this flux-ts; what it calls itself to API servers. */
export const FLUX_TS_VERSION = "0.1.0";
