// SPDX-License-Identifier: Apache-2.0
// The door "@flux-ts/helm/release": releases as Helm stores them.
export type {
  ChartLock,
  HookRun,
  ReleaseInfo,
  ReleaseRecord,
  ReleaseStatus,
  StoredChart,
  StoredFile,
  StoredHook,
} from "./release-record.ts";
export { isPending } from "./release-record.ts";
export { chartMetadataJson, hookJson, infoJson, recordJson } from "./record-json.ts";
export { escapeHtml, listJson, mapJson, mapNumbers, structJson, type StructField, textJson } from "./struct-json.ts";
export { withFloats } from "./struct-reader.ts";
export { DEFAULT_RECORD_LIMITS, decodeRecord, encodeRecord, type RecordLimits } from "./encode-record.ts";
export { storedChart } from "./stored-chart.ts";
export type { Cluster, ClusterQuery, WriteMode } from "./cluster.ts";
export { ReleaseStorage, type ReleaseStorageOptions } from "./release-storage.ts";
export { releaseSecret, recordOfSecret, secretName } from "./release-secret.ts";
