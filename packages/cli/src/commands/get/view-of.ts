// SPDX-License-Identifier: Apache-2.0
import type { Invocation } from "../../command.ts";
import type { KindView } from "./render-kind.ts";

/** What the flags say of how a table looks. */
export function viewOf({ flags, io }: Invocation): Omit<KindView, "prefixKind"> {
  return {
    withNamespace: flags.bool("all-namespaces"),
    withHeader: !flags.bool("no-header"),
    withSource: flags.has("show-source") && flags.bool("show-source"),
    ...(flags.string("output") === "wide" ? { wideAt: io.clock.now() } : {}),
  };
}
