// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseAdvertisement, parseLsRefs } from "./advertisement.ts";
import { GitError } from "./git-error.ts";
import { parseGitmodules, submoduleUrl } from "./gitmodules.ts";
import { encodePacket, flushPacket } from "./packet-line.ts";
import { isValidRefName } from "./select-ref.ts";

const id = "84d9be20ca15d29bebc629e5b6f29dab78cc69ba";
const peeled = "9000be6daa3323cb7009075259bb7bd62498d32f";

test("a server of protocol 0 tells all references at once, annotated tags with what they point to", () => {
  const lines = [
    `${id} HEAD\0multi_ack symref=HEAD:refs/heads/main agent=x\n`,
    `${id} refs/heads/main\n`,
    `${id} refs/tags/v1\n`,
    `${peeled} refs/tags/v1^{}\n`,
  ];
  const bytes = Buffer.concat([encodePacket("# service=git-upload-pack\n"), flushPacket, ...lines.map(encodePacket), flushPacket]);
  expect(parseAdvertisement(bytes)).toEqual({
    version: 0,
    objectFormat: "sha1",
    refs: [
      { name: "HEAD", id },
      { name: "refs/heads/main", id },
      { name: "refs/tags/v1", id, peeled },
    ],
  });
});

test("an empty repository of protocol 0 tells only what it can", () => {
  const bytes = Buffer.concat([
    encodePacket("# service=git-upload-pack\n"),
    flushPacket,
    encodePacket(`${"0".repeat(40)} capabilities^{}\0agent=x\n`),
    flushPacket,
  ]);
  expect(parseAdvertisement(bytes)).toMatchObject({ version: 0, refs: [] });
});

test("a server of protocol 2 is asked for references, and unborn ones do not count", () => {
  const head = ["version 2\n", "agent=x\n", "ls-refs=unborn\n", "object-format=sha256\n"].map(encodePacket);
  expect(parseAdvertisement(Buffer.concat([...head, flushPacket]))).toEqual({ version: 2, objectFormat: "sha256" });
  const refs = ["unborn HEAD symref-target:refs/heads/main\n", `${id} refs/tags/v1 peeled:${peeled}\n`].map(encodePacket);
  expect(parseLsRefs(Buffer.concat([...refs, flushPacket]))).toEqual([{ name: "refs/tags/v1", id, peeled }]);
});

test("an answer that is not git's is refused, and nothing else happens", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array({ maxLength: 200 }),
        fc.array(fc.string({ maxLength: 60 })).map((lines) => Buffer.concat(lines.map(encodePacket))),
      ),
      (bytes) => {
        for (const parse of [parseAdvertisement, parseLsRefs]) {
          try {
            parse(Buffer.from(bytes));
          } catch (error) {
            expect(error).toBeInstanceOf(GitError);
          }
        }
      },
    ),
    { numRuns: 2000, seed: 1 },
  );
});

test.each(["refs/heads/main", "refs/heads/a/b", "refs/tags/v1.0.0", "refs/pull/1/head", "refs/heads/ü"])(
  "%j is the name of a reference",
  (name) => {
    expect(isValidRefName(name)).toBe(true);
  },
);

test.each([
  "main",
  "refs/heads/",
  "refs//x",
  "refs/heads/a..b",
  "refs/heads/.a",
  "refs/heads/a.lock",
  "refs/heads/a.lock/b",
  "refs/heads/a b",
  "refs/heads/a~1",
  "refs/heads/a^",
  "refs/heads/a:b",
  "refs/heads/a?",
  "refs/heads/*",
  "refs/heads/[",
  "refs/heads/a\\b",
  "refs/heads/@{x",
  "refs/heads/a.",
  "refs/heads/a\u0007",
  "--upload-pack=x",
])("%j is not (B8)", (name) => {
  expect(isValidRefName(name)).toBe(false);
});

test("submodule addresses are relative to the parent's, and nothing but http, https and ssh", () => {
  const parent = "https://host/group/app.git";
  const url = (text: string): string => submoduleUrl(parent, { path: "s", url: text });
  expect(url("../other.git")).toBe("https://host/group/other.git");
  expect(url("./sub.git")).toBe("https://host/group/app.git/sub.git");
  expect(url("git@host:group/x.git")).toBe("ssh://git@host/group/x.git");
  expect(url("https://other/x")).toBe("https://other/x");
  for (const text of ["file:///etc", "/etc", "ext::sh -c id", "-x", "../../../../x", "git://host/x", "http://"])
    expect(() => url(text), text).toThrow(GitError);
});

test("a .gitmodules is read by sections, with quotes, comments and odd keys", () => {
  const text =
    '[core]\n\tpath = no\n[submodule "__proto__"]\n\tpath = "a b"/\n\turl = ../x.git ; comment\n[submodule "half"]\n\tpath = h\n[Submodule "c"]\n\tPATH = c\n\tURL = "https://h/\\"q\\""\n';
  expect([...parseGitmodules(text).values()]).toEqual([
    { path: "a b", url: "../x.git" },
    { path: "c", url: 'https://h/"q"' },
  ]);
});
