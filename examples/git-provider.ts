// SPDX-License-Identifier: Apache-2.0
// A provider: a git host that takes no password out of a Secret, but tokens of a service beside it that last for minutes.
import { parseJson } from "@flux-ts/kube-core";
import { Failure } from "@flux-ts/kube-runtime";
import { authOptionsFor, type GitAuth } from "@flux-ts/toolkit/git";
import { readBody, type HttpClient } from "@flux-ts/toolkit/http";

/** The port: all that a reconciler knows of any provider. */
export interface GitProvider {
  /** @throws {Failure} AuthenticationFailed */
  authFor(url: string, signal: AbortSignal): Promise<GitAuth>;
}

/** @param service what answers `POST {"repository": URL}` with `{"token": "…"}` */
export function tokenProvider(service: string, http: HttpClient): GitProvider {
  return {
    async authFor(url, signal) {
      const body = JSON.stringify({ repository: url });
      const response = await http.request({ method: "POST", url: service, body, signal });
      const text = (await readBody(response, 64 * 1024)).toString("utf8");
      const token = response.status === 200 ? tokenOf(text) : undefined;
      if (token === undefined)
        throw new Failure(
          "AuthenticationFailed",
          `cannot get a token for '${url}': the service of tokens answered with status ${response.status}; check that it knows the repository`,
        );
      return authOptionsFor(url, new Map(Object.entries({ username: "token", password: token })));
    },
  };
}

function tokenOf(text: string): string | undefined {
  const answer = parseJson(text) as { readonly token?: unknown } | null;
  return typeof answer?.token === "string" && answer.token !== "" ? answer.token : undefined;
}

/** What `spec.provider` chooses from: one line for each. */
export const gitProviders = {
  generic: () => ({ authFor: (url) => Promise.resolve(authOptionsFor(url)) }),
  token: ({ service, http }) => tokenProvider(service, http),
} satisfies Record<string, (ports: { readonly service: string; readonly http: HttpClient }) => GitProvider>;
