// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { defaultPullPolicy, imageTag } from "./image-tag.ts";

const DIGEST = `sha256:${"a".repeat(64)}`;

describe("imageTag", () => {
  test.each([
    ["nginx", "latest"],
    ["nginx:1.25", "1.25"],
    ["docker.io/library/nginx", "latest"],
    ["localhost:5000/a/b", "latest"],
    ["localhost:5000/a/b:v1", "v1"],
    [`nginx@${DIGEST}`, ""],
    [`nginx:1.25@${DIGEST}`, "1.25"],
    ["", ""],
    ["Not An Image", ""],
    ["UPPER/case", "latest"], // a host, as it has capitals
    ["a".repeat(64), ""], // an id, not a name
    ["b".repeat(600), ""],
  ])("%s → %s", (image, tag) => {
    expect(imageTag(image)).toBe(tag);
  });

  test("an image without a tag, or with `latest`, is always pulled", () => {
    expect(["nginx", "nginx:latest", "nginx:1", `nginx@${DIGEST}`].map(defaultPullPolicy)).toEqual([
      "Always",
      "Always",
      "IfNotPresent",
      "IfNotPresent",
    ]);
  });
});
