// SPDX-License-Identifier: Apache-2.0
import { ageOf } from "../../output/human-duration.ts";
import { renderTable } from "../../output/table.ts";
import type { Column, FluxKind, FluxObject } from "../kinds.ts";
import { formatSource } from "../kinds.ts";

/** How a table of one kind looks. */
export interface KindView {
  readonly withNamespace: boolean;
  readonly withHeader: boolean;
  readonly withSource: boolean;
  /** `kustomization/app` in place of `app`, where several kinds are printed. */
  readonly prefixKind: boolean;
  /** More columns, with ages as of this time. */
  readonly wideAt?: number;
}

/** The table of `flux get` for objects of one kind. @see spec §4.3 */
export function renderKind(kind: FluxKind, objects: readonly FluxObject[], view: KindView): string {
  const columns = columnsOf(kind, view);
  const header = view.withHeader ? columns.map((column) => column.header) : [];
  return renderTable(
    header,
    objects.map((object) => columns.map((column) => column.cell(object))),
  );
}

function columnsOf(kind: FluxKind, view: KindView): readonly Column[] {
  const { source } = kind;
  const prefix = view.prefixKind ? `${kind.kind.toLowerCase()}/` : "";
  const { wideAt } = view;
  return [
    ...(view.withNamespace ? [{ header: "Namespace", cell: ({ metadata }: FluxObject) => metadata.namespace ?? "" }] : []),
    { header: "Name", cell: ({ metadata }) => `${prefix}${metadata.name ?? ""}` },
    ...(view.withSource && source !== undefined ? [{ header: "Source", cell: (object: FluxObject) => formatSource(source(object)) }] : []),
    ...kind.columns,
    ...(wideAt === undefined ? [] : wideColumns(kind, wideAt)),
  ];
}

function wideColumns(kind: FluxKind, now: number): readonly Column[] {
  return [...kind.wideColumns, { header: "Age", cell: ({ metadata }) => ageOf(metadata.creationTimestamp, now) }];
}
