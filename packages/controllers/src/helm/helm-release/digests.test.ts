// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import { ExactNumber } from "@flux-ts/kube-core";
import { describe, expect, test } from "vitest";
import { commonMetadataDigest, hasValuesDigest, postRenderersDigest, valuesDigest } from "./digests.ts";

const VALUES = {
  replicas: 3,
  image: { tag: "latest", repository: "nginx" },
  ports: [
    { protocol: "TCP", port: 8080 },
    { port: 9090, protocol: "UDP" },
  ],
};

function sha256(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

describe("digests of values (G-HEL-6)", () => {
  test("no values have the digest of nothing", () => {
    expect(valuesDigest({})).toBe("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  });

  test.each([
    [VALUES, "sha256:fcdc2b0de1581a3633ada4afee3f918f6eaa5b5ab38c3fef03d5b48d3f85d9f6"],
    [
      {
        test: {
          "632bd82398e71231a98004b6": "value4",
          "632bd817c559818a52307da2": "value3",
          "632bd80ddf416cf32fd50679": "value2",
          "632bd80235a05f4192aefade": "value1",
        },
        replicas: 3,
      },
      "sha256:8a980fcbeadd6f05818f07e8aec14070c22250ca3d96af1fcd5f93b3e85b4d70",
    ],
  ])("values have the digest that Flux gives them", (values, digest) => {
    expect(valuesDigest(values)).toBe(digest);
  });

  test("keys are in the order of their bytes, also those that are numbers", () => {
    expect(valuesDigest({ 9: 1, 10: 2, "-a": 3, B: 4, a: 5 })).toBe(sha256('-a: 3\n"10": 2\n"9": 1\nB: 4\na: 5\n'));
  });

  test("numbers are float64, whole ones without a fraction; those that a path sets are int64", () => {
    const values = {
      a: 1e6,
      b: 1.5,
      c: new ExactNumber("1.0", false),
      d: new ExactNumber("9007199254740993", true),
      e: 1e-7,
      f: 9007199254740993n,
    };
    expect(valuesDigest(values)).toBe(sha256("a: 1000000\nb: 1.5\nc: 1\nd: 9007199254740992\ne: 1e-07\nf: 9007199254740993\n"));
  });

  test("a digest of any algorithm is compared, what is none fits nothing", () => {
    const digest =
      "sha512:b5f9cd4855ca3b08afd602557f373069b1732ce2e6d52341481b0d38f1938452e9d7759ab177c66699962b592f20ceded03eea3cd405d8670578c47842e2c550";
    expect(hasValuesDigest(digest, { foo: "bar", baz: { cool: "stuff" } })).toBe(true);
    expect(hasValuesDigest(digest, { foo: "bar" })).toBe(false);
    for (const none of ["", "sha256", "sha512:invalid", "md5:d41d8cd98f00b204e9800998ecf8427e"]) {
      expect(hasValuesDigest(none, {})).toBe(false);
    }
  });
});

test("post renderers and common metadata have the digest of their JSON in Go's order", () => {
  const target = { name: "web", kind: "Deployment" };
  expect(postRenderersDigest(undefined)).toBe("");
  expect(
    postRenderersDigest([
      { kustomize: { images: [{ newTag: "2", name: "a" }], patches: [{ target, patch: "a: <b>" }, { patch: "" }] } },
      {},
    ]),
  ).toBe(
    sha256(
      '[{"kustomize":{"patches":[{"patch":"a: \\u003cb\\u003e","target":{"kind":"Deployment","name":"web"}},{"patch":""}],' +
        '"images":[{"name":"a","newTag":"2"}]}},{}]\n',
    ),
  );
  expect(commonMetadataDigest(undefined)).toBe("");
  expect(commonMetadataDigest({ labels: { b: "2", a: "1" }, annotations: {} })).toBe(sha256('{"labels":{"a":"1","b":"2"}}\n'));
});
