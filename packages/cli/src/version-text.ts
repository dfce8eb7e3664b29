// SPDX-License-Identifier: Apache-2.0

/** What this command calls itself: the Flux release whose commands it speaks. */
export const VERSION = "2.9.4";
