// SPDX-License-Identifier: Apache-2.0
import { dns1123LabelProblems, dns1123SubdomainProblems, labelKeyProblems, type JsonObject } from "@flux-ts/kube-core";
import type { KindBehaviour } from "../kind-behaviour.ts";
import { hasAt, listAt, numberAt, objectsAt, textAt } from "../shape.ts";
import { isSame } from "../validation/immutable.ts";
import { problemsOf, type Problems } from "../validation/problems.ts";
import { portNumber, PROTOCOLS, requireOneOf } from "../validation/scalars.ts";
import { ipProblem, isIp } from "./ip-address.ts";
import { endpointsTable } from "./tables.ts";

/** v1 Endpoints. */
export const endpoints: KindBehaviour = {
  printer: endpointsTable,
  deprecation: "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",
  strategy: {
    metadataOnUpdate: { asChange: 1, asWhole: 1 },
    validate: (object) => problemsOf((problems) => subsets(object, problems)),
    validateUpdate: (object, old) => (isSame(object["subsets"], old["subsets"]) ? [] : problemsOf((problems) => subsets(object, problems))),
  },
};

function subsets(object: JsonObject, problems: Problems): void {
  objectsAt(object, "subsets").forEach((subset, index) => {
    const path = `subsets[${index}]`;
    if (listAt(subset, "addresses").length === 0 && listAt(subset, "notReadyAddresses").length === 0) {
      problems.required(path, "must specify `addresses` or `notReadyAddresses`");
    }
    for (const key of ["addresses", "notReadyAddresses"])
      objectsAt(subset, key).forEach((one, position) => address(one, `${path}.${key}[${position}]`, problems));
    const ports = objectsAt(subset, "ports");
    ports.forEach((port, position) => endpointPort(port, ports.length > 1, `${path}.ports[${position}]`, problems));
  });
}

function address(one: JsonObject, path: string, problems: Problems): void {
  const [ip, name, node] = [textAt(one, "ip"), textAt(one, "hostname"), textAt(one, "nodeName")];
  ipProblem(ip, `${path}.ip`, problems);
  if (name !== "") problems.invalidFor(`${path}.hostname`, name, dns1123LabelProblems(name));
  if (hasAt(one, "nodeName")) problems.invalidFor(`${path}.nodeName`, node, dns1123SubdomainProblems(node));
  endpointIp(ip, `${path}.ip`, problems);
}

function endpointPort(port: JsonObject, isNamed: boolean, path: string, problems: Problems): void {
  const name = textAt(port, "name");
  if (name === "" && isNamed) problems.required(`${path}.name`);
  if (name !== "") problems.invalidFor(`${path}.name`, name, dns1123LabelProblems(name));
  portNumber(numberAt(port, "port") ?? 0, `${path}.port`, problems);
  requireOneOf(port, "protocol", path, problems, PROTOCOLS);
  if (hasAt(port, "appProtocol"))
    problems.invalidFor(`${path}.appProtocol`, textAt(port, "appProtocol"), labelKeyProblems(textAt(port, "appProtocol")));
}

/** An address that packets can be sent to. */
export function endpointIp(ip: string, path: string, problems: Problems): void {
  if (!isIp(ip)) return problems.invalid(path, ip, "must be a valid IP address");
  const low = ip.toLowerCase();
  if (low === "0.0.0.0" || /^[0:]+$/.test(low)) problems.invalid(path, ip, `may not be unspecified (${ip})`);
  if (low.startsWith("127.") || low === "::1") problems.invalid(path, ip, "may not be in the loopback range (127.0.0.0/8, ::1/128)");
  if (low.startsWith("169.254.") || /^fe[89ab]/.test(low))
    problems.invalid(path, ip, "may not be in the link-local range (169.254.0.0/16, fe80::/10)");
  if (low.startsWith("224.0.0.") || low.startsWith("ff02:"))
    problems.invalid(path, ip, "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)");
}
