// SPDX-License-Identifier: Apache-2.0
import type { FieldError, KubeObject, WatchEvent } from "@flux-ts/kube-core";
import type { Answer } from "../answer/answer.ts";
import { partialMetadata } from "../answer/partial-metadata.ts";
import { includedObject, tableOf } from "../answer/table.ts";
import type { WatchSink } from "../answer/watch-stream.ts";
import { KubeServerError } from "../kube-server-error.ts";
import type { Plane } from "../plane.ts";
import { apiVersionOf, storageKeyOf } from "../registry.ts";
import type { RequestContext } from "../request/context.ts";
import { negotiate, SERVED_TYPES } from "../request/media.ts";
import { tooLarge, watchRevision } from "../request/resource-version.ts";
import { selectionOf } from "../request/selection.ts";
import type { ResourceDefinition } from "../resource.ts";
import { expired, invalid, notAcceptable } from "../status-errors.ts";
import type { Change } from "../store/change.ts";

const BOOKMARK_EVERY_MS = 60_000;
/** Without `timeoutSeconds` a watch lives between this and twice as long. */
const MIN_TIMEOUT_SECONDS = 1800;
const INITIAL_EVENTS_END = "k8s.io/initial-events-end";

/** How a watch begins, as its options say. */
interface Start {
  /** The changes after this revision are told. */
  readonly revision: number;
  /** First everything that is there, as ADDED. */
  readonly withState: boolean;
  /** A bookmark tells when the state is complete. */
  readonly marksEnd: boolean;
}

/** @throws {ApiError} 400, 422 or 500 for options that cannot be met; too old and too new versions come as answers, too */
export function watch(plane: Plane, definition: ResourceDefinition, request: RequestContext): Answer {
  const { query } = request;
  const wanted = negotiate(request.headers["accept"], { table: true, metadata: true });
  if (!wanted) throw notAcceptable(SERVED_TYPES);
  if (wanted.form === "table") includedObject(request);
  const selection = selectionOf(definition, request.info, query);
  const start = startOf(plane, request);
  const wantsBookmarks = query.flag("allowWatchBookmarks");
  const timeoutSeconds = query.integer("timeoutSeconds") ?? 0;
  const timeoutMs = 1000 * (timeoutSeconds > 0 ? timeoutSeconds : Math.floor(MIN_TIMEOUT_SECONDS * (1 + plane.random())));
  let hasShownColumns = false;

  const shape = (object: KubeObject): KubeObject => {
    if (wanted.form === "metadata" || wanted.form === "metadata-list") return partialMetadata(object, wanted.metaVersion);
    if (wanted.form !== "table") return object;
    const table = tableOf(
      plane,
      definition,
      request,
      [object],
      wanted.metaVersion,
      { resourceVersion: object.metadata.resourceVersion ?? "" },
      !hasShownColumns,
    );
    hasShownColumns = true;
    return table;
  };
  const bookmark = (revision: number, isEnd: boolean): WatchEvent => {
    const metadata = {
      resourceVersion: String(revision),
      ...(isEnd ? { annotations: { [INITIAL_EVENTS_END]: "true" } } : {}),
    };
    // An object in which nothing is set has the fields that are always written.
    return {
      type: "BOOKMARK",
      object: shape({ ...emptyObject(definition), kind: definition.kind, apiVersion: apiVersionOf(definition), metadata }),
    };
  };

  const begin = (sink: WatchSink): (() => void) => {
    let isOpen = true;
    const stops: (() => void)[] = [];
    const close = (): void => {
      if (!isOpen) return;
      isOpen = false;
      for (const stop of stops.splice(0)) stop();
    };
    const finish = (): void => {
      if (!isOpen) return;
      close();
      sink.end();
    };
    const send = (event: WatchEvent): void => {
      if (isOpen && !sink.event(event)) finish();
    };
    const tell = (change: Change): void => {
      if (!isOpen || !change.key.startsWith(selection.prefix)) return;
      const event = eventOf(plane, definition, change, (object) => selection.matches(object));
      if (event) send({ type: event.type, object: shape(event.object) });
    };

    let missed: readonly Change[] = [];
    if (start.withState) {
      for (const stored of plane.store.page(storageKeyOf(definition), selection.prefix).objects) {
        const object = plane.views.of(definition, stored);
        if (selection.matches(object)) send({ type: "ADDED", object: shape(object) });
      }
      if (start.marksEnd) send(bookmark(plane.store.revision, true));
    } else {
      try {
        missed = plane.store.changesSince(start.revision, storageKeyOf(definition));
      } catch (error) {
        if (!(error instanceof KubeServerError)) throw error;
        const { status } = expired(`too old resource version: ${start.revision} (${plane.store.compactedRevision})`);
        send({ type: "ERROR", object: status as unknown as KubeObject }); // The protocol puts a Status in the place of the object.
        finish();
        return close;
      }
    }
    missed.forEach(tell);
    if (!isOpen) return close;
    // A watch that begins inside a write has seen changes that others are still to be told of.
    const seen = plane.store.revision;
    const tellNew = (change: Change): void => void (change.revision > seen && tell(change));
    stops.push(plane.store.subscribe(storageKeyOf(definition), tellNew), plane.clock.after(timeoutMs, finish));
    if (wantsBookmarks) {
      const remind = (): void => {
        send(bookmark(plane.store.revision, false));
        if (isOpen) cancel = plane.clock.after(BOOKMARK_EVERY_MS, remind);
      };
      let cancel = plane.clock.after(BOOKMARK_EVERY_MS, remind);
      stops.push(() => cancel());
    }
    stops.push(plane.registry.onRemoved(definition, finish));
    return close;
  };
  return { status: 200, watch: { start: begin } };
}

/** Kinds whose number of replicas is no pointer in the unversioned types, through which an empty object comes. */
const SCALED: ReadonlySet<string> = new Set(["Deployment", "ReplicaSet", "StatefulSet"]);

function emptyObject({ zero, kind, group }: ResourceDefinition): Readonly<Record<string, unknown>> {
  if (zero === undefined || group !== "apps" || !SCALED.has(kind)) return zero ?? {};
  return { ...zero, spec: { replicas: 0, ...(zero["spec"] as object) } }; // the struct of a workload
}

function startOf(plane: Plane, request: RequestContext): Start {
  const { query } = request;
  const match = query.first("resourceVersionMatch") ?? "";
  const sendsInitial = query.first("sendInitialEvents");
  const errors: FieldError[] = [];
  const forbid = (field: string, detail: string): number => errors.push({ type: "FieldValueForbidden", field, detail });
  if (sendsInitial !== undefined) {
    if (match === "") forbid("resourceVersionMatch", "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
    else if (match !== "NotOlderThan") {
      errors.push({
        type: "FieldValueNotSupported",
        field: "resourceVersionMatch",
        value: match,
        detail: 'supported values: "NotOlderThan"',
      });
    }
  } else if (match !== "")
    forbid("resourceVersionMatch", "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
  if (errors.length > 0) throw invalid({ group: "meta.k8s.io", name: "ListOptions" }, "", errors);

  const text = query.first("resourceVersion") ?? "";
  const revision = watchRevision(text);
  const isInitial = sendsInitial !== undefined && query.flag("sendInitialEvents");
  if (revision > plane.store.revision) throw tooLarge(revision, plane.store.revision);
  if (isInitial) return { revision, withState: true, marksEnd: query.flag("allowWatchBookmarks") };
  if (sendsInitial !== undefined) return { revision: revision === 0 ? plane.store.revision : revision, withState: false, marksEnd: false };
  return { revision, withState: revision === 0, marksEnd: false };
}

/** What a change means to a watch with a selector: leaving it is DELETED, entering it is ADDED. */
function eventOf(
  plane: Plane,
  definition: ResourceDefinition,
  change: Change,
  matches: (object: KubeObject) => boolean,
): { readonly type: "ADDED" | "MODIFIED" | "DELETED"; readonly object: KubeObject } | undefined {
  const object = plane.views.of(definition, change.object);
  const previous = change.previous && plane.views.of(definition, change.previous);
  const was = previous !== undefined && matches(previous);
  const is = change.type !== "DELETED" && matches(object);
  if (is) return { type: was ? "MODIFIED" : "ADDED", object };
  if (!was || !previous) return undefined;
  if (change.type === "DELETED") return { type: "DELETED", object };
  // The last state that the watch knew, at the revision where it left.
  return { type: "DELETED", object: { ...previous, metadata: { ...previous.metadata, resourceVersion: String(change.revision) } } };
}
