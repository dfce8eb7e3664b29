// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { toTimestamp, type KubeObject } from "@flux-ts/kube-core";
import { EventCorrelator } from "./correlator.ts";

const start = Date.UTC(2026, 0, 1);
let sequence = 0;
const event = (message: string, now: number, name = "app", reason = "Failed"): KubeObject => ({
  apiVersion: "v1",
  kind: "Event",
  metadata: { name: `${name}.${(sequence += 1)}`, namespace: "web", annotations: { revision: "1" } },
  involvedObject: { apiVersion: "v1", kind: "Kustomization", namespace: "web", name, uid: name },
  reason,
  message,
  type: "Warning",
  count: 1,
  firstTimestamp: toTimestamp(now),
  lastTimestamp: toTimestamp(now),
  source: { component: "c" },
  reportingComponent: "c",
});

test("the same event again only counts: the first one is patched", () => {
  const correlator = new EventCorrelator();
  const first = correlator.correlate(event("no", start), start);
  const second = correlator.correlate(event("no", start + 60_000), start + 60_000);
  expect(first).toMatchObject({ act: "create", event: { count: 1, message: "no" } });
  expect(second).toMatchObject({
    act: "update",
    event: { count: 2, firstTimestamp: "2026-01-01T00:00:00Z" },
    patch: { count: 2, lastTimestamp: "2026-01-01T00:01:00Z", message: "no" },
  });
  if (first.act === "create" && second.act === "update") expect(second.event.metadata.name).toBe(first.event.metadata.name);
});

test("another reason, object or text is another event", () => {
  const correlator = new EventCorrelator();
  const acts = [event("a", start), event("b", start), event("a", start, "other"), event("a", start, "app", "BuildFailed")].map(
    (given) => correlator.correlate(given, start).act,
  );
  expect(acts).toEqual(["create", "create", "create", "create"]);
});

test("ten texts of one kind within ten minutes become one event that is updated", () => {
  const correlator = new EventCorrelator();
  const told = Array.from({ length: 12 }, (_, i) => correlator.correlate(event(`text ${i}`, start), start));
  expect(told.slice(0, 9).every(({ act }) => act === "create")).toBe(true);
  expect(told[9]).toMatchObject({
    act: "create",
    event: { message: "(combined from similar events): text 9", metadata: { namespace: "web" } },
  });
  expect(told[10]).toMatchObject({ act: "update", patch: { count: 2, message: "(combined from similar events): text 10" } });
  expect(told[11]).toMatchObject({ act: "update", patch: { count: 3 } });
  const later = start + 600_001;
  expect(correlator.correlate(event("text 99", later), later)).toMatchObject({ act: "create", event: { message: "text 99" } });
});

test("an object may tell 25 events at once, then one in five minutes; others are not held up by it", () => {
  const correlator = new EventCorrelator();
  const acts = Array.from({ length: 30 }, () => correlator.correlate(event("same", start), start).act);
  expect(acts.filter((act) => act !== "drop")).toHaveLength(25);
  expect(correlator.correlate(event("same", start, "other"), start).act).toBe("create");
  const later = start + 299_000;
  expect(correlator.correlate(event("same", later), later).act).toBe("drop");
  expect(correlator.correlate(event("same", later + 2000), later + 2000).act).toBe("update");
});

test("what is remembered is bounded", () => {
  const correlator = new EventCorrelator();
  for (let i = 0; i < 5000; i += 1) correlator.correlate(event("x", start, `app-${i}`), start);
  expect(correlator.correlate(event("x", start, "app-0"), start).act).toBe("create");
  expect(correlator.correlate(event("x", start, "app-4999"), start).act).toBe("update");
});
