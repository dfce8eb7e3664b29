// SPDX-License-Identifier: Apache-2.0
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isJsonObject, parseApiVersion, parseJson, type JsonObject, type KubeObject } from "@flux-ts/kube-core";
import { decodeBuiltin } from "../../codec/decode-builtin.ts";
import { complete } from "../complete.ts";
import { schemaOfType } from "../schema.ts";
import { typeNameOf } from "../type-packages.ts";
import { decodeProtobuf } from "./decode.ts";
import { ProtobufError } from "./wire-reader.ts";

const KUBECTL = "/usr/bin/kubectl";
const TEXT = new TextEncoder();

/** A field of a message. */
function field(number: number, content: Uint8Array | string): Uint8Array {
  const bytes = typeof content === "string" ? TEXT.encode(content) : content;
  return Uint8Array.of(number * 8 + 2, bytes.length, ...bytes);
}

function envelope(apiVersion: string, kind: string, raw: Uint8Array, ...more: readonly Uint8Array[]): Uint8Array {
  const typeMeta = Uint8Array.of(...field(1, apiVersion), ...field(2, kind));
  return Uint8Array.of(...TEXT.encode("k8s\0"), ...field(1, typeMeta), ...field(2, raw), ...more.flatMap((bytes) => [...bytes]));
}

describe("decodeProtobuf", () => {
  test("a ConfigMap: texts, maps, and a negative number in its metadata", () => {
    const metadata = Uint8Array.of(...field(1, "a"), ...field(3, "n"), 0x38, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01);
    const entry = Uint8Array.of(...field(1, "key"), ...field(2, "grün"));
    const body = envelope("v1", "ConfigMap", Uint8Array.of(...field(1, metadata), ...field(2, entry)));
    expect(decodeProtobuf(body)).toEqual({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "a", namespace: "n", generation: -1 },
      data: { key: "grün" },
    });
  });

  test("fields of newer clients are skipped", () => {
    const unknown = Uint8Array.of(0xfa, 0x07, 1, 0x7f); // field 127
    const body = envelope("v1", "ConfigMap", Uint8Array.of(...unknown, ...field(1, field(1, "a"))));
    expect(decodeProtobuf(body)).toEqual({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" } });
  });

  test("JSON in the envelope is read as JSON", () => {
    const body = envelope("v1", "ConfigMap", TEXT.encode('{"metadata":{"name":"a"}}'), field(4, "application/json"));
    expect(decodeProtobuf(body)).toMatchObject({ kind: "ConfigMap", metadata: { name: "a" } });
  });

  test("options of a delete come as a kind of the resource's group", () => {
    expect(decodeProtobuf(envelope("apps/v1", "DeleteOptions", field(4, "Foreground")))).toMatchObject({
      kind: "DeleteOptions",
      propagationPolicy: "Foreground",
    });
  });

  test.each<[name: string, body: Uint8Array]>([
    ["nothing", new Uint8Array()],
    ["JSON", TEXT.encode("{}")],
    ["a kind that is not built in", envelope("example.com/v1", "Foo", new Uint8Array())],
    ["a length beyond the end", envelope("v1", "ConfigMap", Uint8Array.of(0x0a, 50, 1))],
    ["a number without end", envelope("v1", "ConfigMap", Uint8Array.of(0x0a, ...Array.from({ length: 12 }, () => 0xff)))],
    ["text that is no UTF-8", envelope("v1", "ConfigMap", field(1, field(1, Uint8Array.of(0xff))))],
    ["a group in the old way", envelope("v1", "ConfigMap", Uint8Array.of(0x0b))],
  ])("%s is refused", (_name, body) => {
    expect(() => decodeProtobuf(body)).toThrow(ProtobufError);
  });

  test("no byte that is missing or wrong breaks anything but the request", () => {
    const metadata = Uint8Array.of(...field(1, "a"), ...field(11, Uint8Array.of(...field(1, "k"), ...field(2, "v"))));
    const body = envelope(
      "v1",
      "ConfigMap",
      Uint8Array.of(...field(1, metadata), ...field(2, Uint8Array.of(...field(1, "k"), ...field(2, "v")))),
    );
    const attempt = (bytes: Uint8Array): void => {
      try {
        decodeProtobuf(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(ProtobufError);
      }
    };
    for (let index = 0; index < body.length; index++) {
      attempt(body.subarray(0, index));
      for (const byte of [0, 1, 0x7f, 0x80, 0xff]) attempt(body.with(index, byte));
    }
  });
});

describe.skipIf(!existsSync(KUBECTL))("what kubectl sends", () => {
  const bodies: Uint8Array[] = [];
  let server: Server;

  beforeAll(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => void chunks.push(chunk));
      request.on("end", () => {
        if (request.headers["content-type"] === "application/vnd.kubernetes.protobuf") bodies.push(Buffer.concat(chunks));
        response
          .writeHead(404, { "content-type": "application/json" })
          .end('{"kind":"Status","apiVersion":"v1","status":"Failure","code":404}');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterAll(() => void server.close());

  const run = promisify(execFile);
  const env = { PATH: "/usr/bin", HOME: "/nonexistent" };

  test.each<[args: string[]]>([
    [["ns", "x"]],
    [["cm", "x", "--from-literal=a=b", "--from-literal=c="]],
    [["secret", "generic", "x", "--from-literal=a=b"]],
    [["secret", "docker-registry", "x", "--docker-username=u", "--docker-password=p"]],
    [["deployment", "x", "--image=nginx:1.25", "--replicas=3", "--port=80", "--", "sleep", "1"]],
    [["job", "x", "--image=busybox", "--", "true"]],
    [["cronjob", "x", "--image=busybox", "--schedule=* * * * *"]],
    [["sa", "x"]],
    [["role", "x", "--verb=get", "--resource=pods"]],
    [["quota", "x", "--hard=pods=1,limits.memory=1Gi"]],
    [["service", "loadbalancer", "x", "--tcp=80:8080"]],
    [["service", "externalname", "x", "--external-name=a.example"]],
    [["ingress", "x", "--class=c", "--rule=a.example/*=svc:80,tls=s"]],
    [["pdb", "x", "--selector=a=b", "--max-unavailable=50%"]],
    [["rolebinding", "x", "--clusterrole=view", "--user=u", "--serviceaccount=n:s"]],
    [["clusterrolebinding", "x", "--clusterrole=view", "--group=g"]],
    [["priorityclass", "x", "--value=-5", "--preemption-policy=Never"]],
  ])(
    "create %j",
    async ([type = "", ...args]) => {
      bodies.length = 0;
      const { port } = server.address() as AddressInfo; // it listens on a port
      const at = ["--server", `http://127.0.0.1:${port}`];
      const command = ["create", type, ...args.slice(0, args.indexOf("--") < 0 ? undefined : args.indexOf("--"))];
      const rest = args.includes("--") ? args.slice(args.indexOf("--")) : [];
      const dry = await run(KUBECTL, [...at, ...command, "--dry-run=client", "-o", "json", ...rest], { env }).catch(() => undefined);
      await run(KUBECTL, [...at, ...command, "--validate=false", ...rest], { env }).catch(() => undefined); // the answer is always 404
      const [body] = bodies;
      if (!body || !dry) return expect(type).toBe("role"); // needs a mapping from the server
      const sent = parseJson(dry.stdout);
      if (!isJsonObject(sent)) throw new Error("kubectl printed no object");
      const { namespace: _, ...metadata } = decodeProtobuf(body).metadata;
      expect(asStored({ ...decodeProtobuf(body), metadata })).toEqual(asStored(sent));
    },
    20_000,
  );

  /** As the server takes it, whichever way it came. */
  function asStored(object: JsonObject): JsonObject {
    const { apiVersion, kind } = object as KubeObject; // both are given
    const { group, version } = parseApiVersion(apiVersion);
    const name = typeNameOf(group, version, kind) ?? "";
    return complete(name, decodeBuiltin(schemaOfType(name), kind, object as KubeObject).object);
  }
});
