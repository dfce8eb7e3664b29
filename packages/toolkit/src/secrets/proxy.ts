// SPDX-License-Identifier: Apache-2.0
import type { ProxyOptions } from "../http/http-client.ts";
import type { SecretContent } from "./read-secret.ts";
import { SecretError } from "./secret-error.ts";

const maxLength = 2048;

/**
 * A proxy from a Secret with `address` and, optionally, `username` and `password`.
 *
 * @throws {SecretError} KEY_NOT_FOUND, INVALID
 * @see fluxcd/pkg runtime/secrets ProxyURLFromSecret (socks5 is not supported here)
 */
export function proxyFromSecret({ namespace, name, data }: SecretContent): ProxyOptions {
  const where = `secret '${namespace}/${name}'`;
  const address = data.get("address")?.toString("utf8");
  if (address === undefined) throw new SecretError("KEY_NOT_FOUND", `${where}: key 'address' not found`);
  if (address === "") throw new SecretError("INVALID", `${where}: proxy address is empty`);
  if (address.length > maxLength) throw new SecretError("INVALID", `${where}: proxy URL exceeds maximum length of ${maxLength} characters`);
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || url.host === "") throw new SecretError("INVALID", `${where}: failed to parse proxy address`);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new SecretError(
      "INVALID",
      `${where}: proxy URL must use one of the supported schemes (http, https), got '${url.protocol.slice(0, -1)}'`,
    );
  }
  const username = data.get("username")?.toString("utf8") ?? decodeURIComponent(url.username);
  const password = data.get("password")?.toString("utf8") ?? decodeURIComponent(url.password);
  return { url: `${url.protocol}//${url.host}`, ...(username === "" ? {} : { username }), ...(password === "" ? {} : { password }) };
}
