// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { negotiate } from "./media.ts";

const TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";
const OBJECT = { table: true, metadata: true } as const;

describe("what an Accept header asks for", () => {
  test.each([
    [undefined, { form: "object", encoding: "json" }],
    ["", { form: "object", encoding: "json" }],
    ["*/*", { form: "object", encoding: "json" }],
    ["application/yaml", { form: "object", encoding: "yaml" }],
    ["application/vnd.kubernetes.protobuf,application/json", { form: "object", encoding: "json" }],
    ["application/json;q=0.5, application/yaml", { form: "object", encoding: "yaml" }],
    [`${TABLE},application/json`, { form: "table", metaVersion: "v1" }],
    ["application/json; as=Table; v=v1beta1; g=meta.k8s.io", { form: "table", metaVersion: "v1beta1" }],
    ["application/json;as=Table;v=v2;g=meta.k8s.io, application/json", { form: "object" }],
    ["application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1", { form: "metadata" }],
    ["application/json;pretty=1", { isPretty: true }],
  ])("%s", (accept, expected) => {
    expect(negotiate(accept, OBJECT)).toMatchObject(expected);
  });

  test.each(["application/xml", "application/vnd.kubernetes.protobuf", "application/json;as=Table;v=v2;g=meta.k8s.io"])(
    "%s alone cannot be answered",
    (accept) => expect(negotiate(accept, OBJECT)).toBeUndefined(),
  );

  test("metadata is of an object or of a list, as it was asked, and of nothing where there is none", () => {
    const list = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
    expect(negotiate(list, OBJECT)).toMatchObject({ form: "metadata-list" });
    expect(negotiate(list, { table: true, metadata: false })).toBeUndefined();
  });
});
