// SPDX-License-Identifier: Apache-2.0
export { createEventPoster, type EventPoster, type EventPosterOptions, type PostableEvent } from "./event-poster.ts";
