// SPDX-License-Identifier: Apache-2.0
import { PatternCache, type JsonObject } from "@flux-ts/kube-core";
import {
  admissionEnvironment,
  CelError,
  celType,
  compile,
  DYN,
  objectType,
  type CelEnvironment,
  type CelType,
} from "@flux-ts/kube-core/cel";
import { objectsAt, textAt } from "../shape.ts";
import type { Problems } from "../validation/problems.ts";

/** Types of variables by name. */
export type Variables = Readonly<Record<string, CelType>>;

/** An object of fields, by their types as text. */
function struct(name: string, fields: Readonly<Record<string, string | CelType>>): CelType {
  return objectType(name, new Map(Object.entries(fields).map(([key, type]) => [key, typeof type === "string" ? celType(type) : type])));
}

const kind = struct("kubernetes.GroupVersionKind", { group: "string", version: "string", kind: "string" });
const resource = struct("kubernetes.GroupVersionResource", { group: "string", version: "string", resource: "string" });

/** @see apiserver admission/plugin/cel BuildRequestType */
const request = struct("kubernetes.AdmissionRequest", {
  kind,
  resource,
  subResource: "string",
  requestKind: kind,
  requestResource: resource,
  requestSubResource: "string",
  name: "string",
  namespace: "string",
  operation: "string",
  userInfo: struct("kubernetes.UserInfo", {
    username: "string",
    uid: "string",
    groups: "list(string)",
    extra: "map(string, list(string))",
  }),
  dryRun: "bool",
  options: "dyn",
});

/** @see apiserver admission/plugin/cel BuildNamespaceType */
const namespaceObject = struct("kubernetes.Namespace", {
  metadata: struct("kubernetes.NamespaceMetadata", {
    name: "string",
    generateName: "string",
    namespace: "string",
    labels: "map(string, string)",
    annotations: "map(string, string)",
    UID: "string",
    creationTimestamp: "timestamp",
    deletionGracePeriodSeconds: "int",
    deletionTimestamp: "timestamp",
    generation: "int",
    resourceVersion: "string",
    finalizers: "list(string)",
  }),
  spec: struct("kubernetes.NamespaceSpec", { finalizers: "list(string)" }),
  status: struct("kubernetes.NamespaceStatus", { phase: "string" }),
});

/** Of conditions of webhooks; policies have more. */
export const WEBHOOK_VARIABLES: Variables = {
  object: DYN,
  oldObject: DYN,
  request,
  authorizer: celType("kubernetes.authorization.Authorizer"),
  "authorizer.requestResource": celType("kubernetes.authorization.ResourceCheck"),
};

/** Of a policy's conditions: its parameters count only where it has a kind of them. */
export function policyVariables(spec: JsonObject): Variables {
  return { ...WEBHOOK_VARIABLES, namespaceObject, ...(spec["paramKind"] === undefined ? {} : { params: DYN }) };
}

/** What an expression must give; `any` takes everything. */
export type Wanted = "any" | "bool" | "string" | "string or null";

/** Compiles expressions of one object. It keeps compiled patterns, so it lives as long as one validation. */
export class ExpressionChecker {
  readonly #environment: CelEnvironment = admissionEnvironment(new PatternCache());
  readonly #problems: Problems;

  constructor(problems: Problems) {
    this.#problems = problems;
  }

  /**
   * An expression that cannot be compiled, or gives something else than it must, is a problem.
   * @returns the type that it gives; undefined when it cannot be compiled
   * @see apiserver admission/plugin/cel CompileCELExpression
   */
  check(source: string, wanted: Wanted, variables: Variables, path: string): string | undefined {
    try {
      const { outputType } = compile(source, { environment: this.#environment, variables });
      const types = wanted === "string or null" ? ["string", "null_type"] : [wanted];
      const given = outputType === "null" ? "null_type" : outputType;
      if (wanted !== "any" && !types.includes(given)) {
        const expected = types.length === 1 ? wanted : `one of [${types.join(" ")}]`;
        this.#problems.invalid(path, source, `must evaluate to ${expected} but got ${given}`);
      }
      return outputType;
    } catch (error) {
      if (!(error instanceof CelError)) throw error;
      this.#problems.invalid(path, source, `compilation failed: ${error.message}`);
      return undefined;
    }
  }

  /**
   * The variables that a policy defines itself, each of which sees those before it.
   * @returns all that its validations see
   */
  defineVariables(spec: JsonObject, path: string): Variables {
    const base = policyVariables(spec);
    const own = new Map<string, CelType>();
    const seen = (): Variables => (own.size === 0 ? base : { ...base, variables: objectType("kubernetes.variables", new Map(own)) });
    objectsAt(spec, "variables").forEach((variable, index) => {
      const [name, expression] = [textAt(variable, "name"), textAt(variable, "expression")];
      const at = `${path}[${index}]`;
      if (name.trim() === "") this.#problems.required(`${at}.name`, "name is not specified");
      else if (!isIdentifier(name)) this.#problems.invalid(`${at}.name`, name, "must be a valid CEL identifier");
      if (expression.trim() === "") return this.#problems.required(`${at}.expression`, "expression is not specified");
      const type = this.check(expression, "any", seen(), `${at}.expression`);
      if (type !== undefined) own.set(name, celType(type));
    });
    return seen();
  }
}

/** Words that mean something else. @see cel-go common/operators, parser reservedIds */
const RESERVED: ReadonlySet<string> = new Set([
  "as", "break", "const", "continue", "else", "false", "for", "function", "if", "import", "in", "let", "loop", "package", "namespace",
  "null", "return", "true", "var", "void", "while",
]); // prettier-ignore

function isIdentifier(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !RESERVED.has(name);
}
