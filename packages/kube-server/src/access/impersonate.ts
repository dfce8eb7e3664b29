// SPDX-License-Identifier: Apache-2.0
import type { Identity } from "@flux-ts/kube-core";
import { badRequest } from "../status-errors.ts";
import type { Attributes } from "./attributes.ts";
import type { Authorizer } from "./authorizer.ts";
import { notAllowed } from "./forbid.ts";

const EXTRA = "impersonate-extra-";

/**
 * Who a request is to be taken from, when its headers say another one than who sent it.
 * @throws {ApiError} 400 for groups or extras without a user, 403 when the sender may not
 * @see apiserver endpoints/filters WithImpersonation
 */
export function impersonate(headers: Readonly<Record<string, string | undefined>>, identity: Identity, authorizer: Authorizer): Identity {
  const user = headers["impersonate-user"] ?? "";
  const uid = headers["impersonate-uid"] ?? "";
  const groups = listOf(headers["impersonate-group"]);
  const extra = extraOf(headers);
  if (user === "") {
    if (groups.length === 0 && uid === "" && Object.keys(extra).length === 0) return identity;
    throw badRequest(`requested ${describe(uid, groups, extra)} without impersonating a user name`);
  }
  for (const wanted of wantedAttributes(identity, user, uid, groups, extra)) {
    const { isAllowed, reason } = authorizer.decide(wanted);
    if (!isAllowed) throw notAllowed(wanted, reason);
  }
  return {
    user,
    ...(uid === "" ? {} : { uid }),
    groups: withStandardGroups(user, groups),
    ...(Object.keys(extra).length === 0 ? {} : { extra }),
  };
}

/** Groups that follow from the user; who gives groups for a service account gets only these. */
function withStandardGroups(user: string, given: readonly string[]): readonly string[] {
  const account = /^system:serviceaccount:([^:]+):[^:]+$/.exec(user);
  const groups = given.length === 0 && account ? ["system:serviceaccounts", `system:serviceaccounts:${account[1] ?? ""}`] : [...given];
  if (user === "system:anonymous") return groups.includes("system:unauthenticated") ? groups : [...groups, "system:unauthenticated"];
  return groups.includes("system:authenticated") || groups.includes("system:unauthenticated")
    ? groups
    : [...groups, "system:authenticated"];
}

function wantedAttributes(
  identity: Identity,
  user: string,
  uid: string,
  groups: readonly string[],
  extra: Readonly<Record<string, readonly string[]>>,
): readonly Attributes[] {
  const base = { kind: "resource", identity, verb: "impersonate", namespace: "", group: "", subresource: "" } as const;
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user);
  return [
    account
      ? { ...base, resource: "serviceaccounts", namespace: account[1] ?? "", name: account[2] ?? "" }
      : { ...base, resource: "users", name: user },
    ...groups.map((name) => ({ ...base, resource: "groups", name })),
    ...(uid === "" ? [] : [{ ...base, group: "authentication.k8s.io", resource: "uids", name: uid }]),
    ...Object.entries(extra).flatMap(([key, values]) =>
      values.map((name) => ({ ...base, group: "authentication.k8s.io", resource: "userextras", subresource: key, name })),
    ),
  ];
}

function listOf(header: string | undefined): readonly string[] {
  return header === undefined || header === "" ? [] : header.split(",").map((group) => group.trim());
}

function extraOf(headers: Readonly<Record<string, string | undefined>>): Record<string, readonly string[]> {
  const extra = Object.create(null) as Record<string, readonly string[]>;
  for (const [name, value] of Object.entries(headers)) {
    if (!name.startsWith(EXTRA) || value === undefined) continue;
    extra[decode(name.slice(EXTRA.length))] = listOf(value);
  }
  return extra;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The user as Go prints its struct. */
function describe(uid: string, groups: readonly string[], extra: Readonly<Record<string, readonly string[]>>): string {
  const list = (values: readonly string[]): string => `[]string{${values.map((value) => JSON.stringify(value)).join(", ")}}`;
  const groupText = groups.length === 0 ? "[]string(nil)" : list(groups);
  const entries = Object.entries(extra);
  const extraText =
    entries.length === 0
      ? "map[string][]string(nil)"
      : `map[string][]string{${entries.map(([key, values]) => `${JSON.stringify(key)}:${list(values)}`).join(", ")}}`;
  return `&user.DefaultInfo{Name:"", UID:${JSON.stringify(uid)}, Groups:${groupText}, Extra:${extraText}}`;
}
