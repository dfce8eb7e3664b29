// SPDX-License-Identifier: Apache-2.0
import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { HelmError } from "../helm-error.ts";
import { decodeRecord, encodeRecord } from "./encode-record.ts";
import { recordJson } from "./record-json.ts";
import { SMALL_RECORD } from "../../test-support/small-record.ts";

/** As Helm packs the JSON of a release. */
function pack(json: unknown): string {
  return gzipSync(typeof json === "string" ? json : JSON.stringify(json)).toString("base64");
}

function errorOf(work: () => unknown): HelmError {
  try {
    work();
  } catch (error) {
    if (error instanceof HelmError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("stored releases (G-HEL-2)", () => {
  test("fields stand in the order of Go's structs, empty ones are left out, maps are sorted, < > & are escaped", () => {
    expect(recordJson(SMALL_RECORD)).toBe(
      '{"name":"web","info":{"first_deployed":"2026-01-02T03:04:05.123456789Z","last_deployed":"2026-01-02T04:04:05+01:00",' +
        '"description":"Install complete","status":"deployed","notes":"a \\u003c b \\u0026 c"},' +
        '"chart":{"metadata":{"name":"web","version":"1.0.0","maintainers":[{"name":"Ann"}],"apiVersion":"v2","annotations":{"a":"1","b":"2"},' +
        '"dependencies":[{"name":"db","version":"1.x.x","repository":"","import-values":[{"child":"x","parent":"y"}]}]},"lock":null,' +
        '"templates":[{"name":"templates/a.yaml","data":"YTogMQo="},{"name":"templates/empty","data":""},{"name":"templates/none","data":null}],' +
        '"values":{"10":1,"9":2,"a":{"b":null}},"schema":null,"schemamodtime":"0001-01-01T00:00:00Z","files":null},' +
        '"config":{"big":1e+21,"replicas":3,"small":1e-7},"manifest":"---\\na: 1\\n",' +
        '"hooks":[{"name":"web-test","kind":"Pod","path":"web/templates/test.yaml","manifest":"kind: Pod","events":["test"],' +
        '"last_run":{"phase":""},"delete_policies":["before-hook-creation"]}],"version":1,"namespace":"apps","apply_method":"ssa"}',
    );
  });

  test("what is written is read again, labels aside", () => {
    expect(decodeRecord(encodeRecord(SMALL_RECORD))).toEqual({ ...SMALL_RECORD, labels: {} });
    expect(gunzipSync(Buffer.from(encodeRecord(SMALL_RECORD), "base64")).toString()).toBe(recordJson(SMALL_RECORD));
  });

  test("those of Helm 3 have empty times, no apply_method, and times with offsets", () => {
    const record = decodeRecord(
      pack({
        name: "old",
        info: {
          first_deployed: "2022-05-04T20:39:05.824700+02:00",
          last_deployed: "2022-05-04T18:39:05+00:00",
          deleted: "",
          status: "deployed",
        },
        chart: {
          metadata: { name: "c", version: "0.1.0", apiVersion: "v1" },
          lock: null,
          templates: [],
          values: null,
          schema: null,
          files: null,
        },
        hooks: [{ name: "h", events: ["test"], last_run: { started_at: "", completed_at: "", phase: "" }, output_log_policies: null }],
        version: 3,
        namespace: "apps",
      }),
    );
    expect(record.info).toMatchObject({
      firstDeployed: "2022-05-04T20:39:05.8247+02:00",
      lastDeployed: "2022-05-04T18:39:05Z",
      deleted: undefined,
    });
    expect(record).toMatchObject({ applyMethod: "", version: 3, config: {}, manifest: "" });
    expect(record.hooks[0]?.lastRun).toEqual({ startedAt: undefined, completedAt: undefined, phase: "" });
    expect(record.chart?.templates).toEqual([]);
  });

  test("a release that is not packed is read as well", () => {
    expect(decodeRecord(Buffer.from('{"name":"plain"}').toString("base64")).name).toBe("plain");
  });

  test("numbers are float64 as Go reads them", () => {
    const { config } = decodeRecord(pack('{"config":{"n":9007199254740993,"list":[18446744073709551616],"f":1.0}}'));
    expect(config).toEqual({ n: 9007199254740992, list: [18446744073709552000], f: 1 });
  });

  test("an int64 that --set made is written as it is", () => {
    const json = recordJson({ ...SMALL_RECORD, config: { list: [9007199254740993n], n: 3n } });
    expect(json).toContain('"config":{"list":[9007199254740993],"n":3}');
  });

  test("a key named __proto__ is a key", () => {
    const { config } = decodeRecord(pack('{"config":{"__proto__":{"n":9007199254740993}}}'));
    expect(Object.keys(config)).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(config)).toBe(Object.prototype);
    expect(recordJson({ ...SMALL_RECORD, config })).toContain('"config":{"__proto__":{"n":9007199254740992}}');
  });

  test.each([
    ["base64", "abc*", "illegal base64 data at input byte 3"],
    ["base64 that is cut short", "abcde", "illegal base64 data at input byte 5"],
    ["JSON", pack("{"), "unexpected end of JSON input"],
    ["gzip", Buffer.from([0x1f, 0x8b, 0x08, 0, 1]).toString("base64"), "gzip: "],
    ["a release", pack([]), "json: cannot unmarshal array into Go value of type Release"],
    ["a version", pack({ version: "1" }), "json: cannot unmarshal string into Go struct field Release.version of type int"],
    ["a chart", pack({ chart: { metadata: { name: 1 } } }), "struct field Release.chart.metadata.name of type string"],
    ["a time", pack({ info: { deleted: "2026-02-30T00:00:00Z" } }), 'parsing time "2026-02-30T00:00:00Z" of Release.info.deleted'],
  ])("what is no %s is told of", (_, text, message) => {
    const error = errorOf(() => decodeRecord(text));
    expect(error.code).toBe("RELEASE");
    expect(error.message).toContain(message);
  });

  test.each([
    ["text", "A".repeat(4_000_001), "the stored release has 4000001 characters, more than 4000000"],
    ["a bomb", gzipSync(Buffer.alloc(50_000_000, " ")).toString("base64"), "the stored release unpacks to more than "],
  ])("%s beyond the limits is refused", (_, text, message) => {
    const error = errorOf(() => decodeRecord(text));
    expect(error.code).toBe("LIMIT");
    expect(error.message).toContain(message);
  });

  test("values that nest without end are refused", () => {
    const deep = `{"config":{"a":${"[".repeat(5000)}${"]".repeat(5000)}}}`;
    expect(errorOf(() => decodeRecord(pack(deep))).message).toContain("exceeded max depth");
  });
});
