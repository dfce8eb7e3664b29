// SPDX-License-Identifier: Apache-2.0
import { parseJson } from "@flux-ts/kube-core";
import { HelmError, messageOf } from "../helm-error.ts";
import { fromBase64, gunzip, gzip, toBase64 } from "./packing.ts";
import { readRecord } from "./read-record.ts";
import { recordJson } from "./record-json.ts";
import type { ReleaseRecord } from "./release-record.ts";

/** What a stored release may grow to when it is read. */
export interface RecordLimits {
  /** Characters of the stored text. A Secret holds about a million. */
  readonly maxText: number;
  /** Bytes of its JSON. */
  readonly maxBytes: number;
  /** How many times larger than packed its JSON may be, from a megabyte on. */
  readonly maxRatio: number;
  /** How deep its JSON may nest. */
  readonly maxDepth: number;
}

export const DEFAULT_RECORD_LIMITS: RecordLimits = { maxText: 4_000_000, maxBytes: 100_000_000, maxRatio: 400, maxDepth: 1000 };

const MEGABYTE = 1_000_000;

/**
 * What Helm stores for a release under the key `release`: base64 of gzip of its JSON. In a Secret it is base64 once more.
 *
 * @see helm.sh/helm/v4 pkg/storage/driver encodeRelease
 */
export function encodeRecord(record: ReleaseRecord): string {
  return toBase64(gzip(recordJson(record)));
}

/**
 * Reads what {@link encodeRecord}, Helm 3 or Helm 4 wrote; also JSON that is not packed, as early versions stored it.
 *
 * @throws {HelmError} RELEASE for what is no release, LIMIT for what is larger than the limits allow
 * @see helm.sh/helm/v4 pkg/storage/driver decodeRelease
 */
export function decodeRecord(text: string, limits: Partial<RecordLimits> = {}): ReleaseRecord {
  const { maxText, maxBytes, maxRatio, maxDepth } = { ...DEFAULT_RECORD_LIMITS, ...limits };
  if (text.length > maxText) throw new HelmError("LIMIT", `the stored release has ${text.length} characters, more than ${maxText}`);
  const packed = fromBase64(text, "the stored release");
  const json = isGzip(packed) ? gunzip(packed, Math.min(maxBytes, Math.max(MEGABYTE, packed.length * maxRatio))) : packed;
  let parsed: unknown;
  try {
    parsed = parseJson(json, { maxDepth });
  } catch (error) {
    throw new HelmError("RELEASE", messageOf(error), { cause: error });
  }
  return readRecord(parsed);
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes.length > 3 && bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 0x08;
}
