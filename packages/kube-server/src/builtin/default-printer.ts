// SPDX-License-Identifier: Apache-2.0
import { tableOf } from "./table/columns.ts";

/** For kinds without a printer of their own. @see apiserver registry/rest NewDefaultTableConvertor */
export const defaultPrinter = tableOf("default", (object) => [object.metadata.name ?? "", object.metadata.creationTimestamp ?? ""]);
