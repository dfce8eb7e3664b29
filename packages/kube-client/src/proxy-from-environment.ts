// SPDX-License-Identifier: Apache-2.0
import { BlockList, isIP } from "node:net";

/**
 * The proxy that the environment names for a URL: HTTPS_PROXY or HTTP_PROXY, in either case, unless NO_PROXY or a
 * loopback host says none.
 *
 * @see Go net/http ProxyFromEnvironment
 */
export function proxyFromEnvironment(url: URL, env: Readonly<Record<string, string | undefined>>): string | undefined {
  const read = (name: string): string => env[name] || env[name.toLowerCase()] || "";
  const proxy = read(url.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY");
  const host = url.hostname.replace(/^\[|\]$/g, "").toLowerCase();
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  if (proxy === "" || isLoopback(host)) return undefined;
  if (
    read("NO_PROXY")
      .split(",")
      .some((rule) => isExempt(rule.trim().toLowerCase(), host, port))
  )
    return undefined;
  return proxy.includes("://") ? proxy : `http://${proxy}`;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}

function isExempt(rule: string, host: string, port: string): boolean {
  if (rule === "") return false;
  if (rule === "*") return true;
  const [, bare = rule, ofPort] = /^(.*?)(?::(\d+))?$/.exec(isIP(rule) === 6 ? `[${rule}]` : rule) ?? [];
  const name = bare.replace(/^\[|\]$/g, "");
  if (ofPort !== undefined && ofPort !== port) return false;
  const [address = "", bits] = name.split("/");
  const family = isIP(address);
  if (bits !== undefined && family !== 0 && isIP(host) === family) {
    const list = new BlockList();
    list.addSubnet(address, Number(bits), family === 4 ? "ipv4" : "ipv6");
    return list.check(host, family === 4 ? "ipv4" : "ipv6");
  }
  const suffix = name.replace(/^\*(?=\.)/, "");
  return suffix.startsWith(".") ? host.endsWith(suffix) : host === suffix || host.endsWith(`.${suffix}`);
}
