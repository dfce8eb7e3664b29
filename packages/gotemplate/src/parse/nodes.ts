// SPDX-License-Identifier: Apache-2.0
import { byteLength } from "../bytes.ts";
import { goQuote } from "../format/quote.ts";

/** Where a node stands. */
export interface Source {
  /** The name of the template text that was parsed, which error messages give. */
  readonly parseName: string;
  readonly text: string;
}

interface At {
  readonly pos: number;
  readonly source: Source;
}

export type NumberNode = At & {
  readonly kind: "number";
  readonly text: string;
  readonly int: bigint | undefined;
  readonly uint: bigint | undefined;
  readonly float: number | undefined;
  readonly isComplex: boolean;
};
export type FieldNode = At & { readonly kind: "field"; readonly ident: readonly string[] };
export type VariableNode = At & { readonly kind: "variable"; readonly ident: readonly string[] };
export type ChainNode = At & { readonly kind: "chain"; readonly node: Operand; readonly fields: readonly string[] };
export type IdentifierNode = At & { readonly kind: "identifier"; readonly name: string };
export type PipeNode = At & {
  readonly kind: "pipe";
  readonly line: number;
  readonly isAssign: boolean;
  readonly decls: readonly VariableNode[];
  readonly commands: readonly CommandNode[];
};
export type CommandNode = At & { readonly kind: "command"; readonly args: readonly Operand[] };

export type Operand =
  | (At & { readonly kind: "bool"; readonly value: boolean })
  | (At & { readonly kind: "dot" })
  | (At & { readonly kind: "nil" })
  | (At & { readonly kind: "string"; readonly quoted: string; readonly value: string })
  | NumberNode
  | FieldNode
  | VariableNode
  | ChainNode
  | IdentifierNode
  | PipeNode;

export type BranchNode = At & {
  readonly kind: "if" | "with" | "range";
  readonly pipe: PipeNode;
  readonly list: ListNode;
  readonly elseList: ListNode | undefined;
};
export type TemplateNode = At & { readonly kind: "template"; readonly name: string; readonly pipe: PipeNode | undefined };
export type ListNode = At & { readonly kind: "list"; readonly nodes: readonly Statement[] };
export type ActionNode = At & { readonly kind: "action"; readonly pipe: PipeNode };

export type Statement =
  | (At & { readonly kind: "text"; readonly text: string })
  | (At & { readonly kind: "break" | "continue" })
  | ActionNode
  | BranchNode
  | TemplateNode;

/** What error messages can point at. */
export type Node = Statement | Operand | CommandNode | ListNode;

/** A node as source, in the form in which Go's error messages quote it. */
export function nodeText(node: Node): string {
  switch (node.kind) {
    case "text":
      return goQuote(node.text);
    case "break":
    case "continue":
      return `{{${node.kind}}}`;
    case "action":
      return `{{${nodeText(node.pipe)}}}`;
    case "if":
    case "with":
    case "range": {
      const otherwise = node.elseList === undefined ? "" : `{{else}}${nodeText(node.elseList)}`;
      return `{{${node.kind} ${nodeText(node.pipe)}}}${nodeText(node.list)}${otherwise}{{end}}`;
    }
    case "template":
      return `{{template ${goQuote(node.name)}${node.pipe === undefined ? "" : ` ${nodeText(node.pipe)}`}}}`;
    case "list":
      return node.nodes.map(nodeText).join("");
    case "pipe": {
      const decls = node.decls.length === 0 ? "" : `${node.decls.map(nodeText).join(", ")} ${node.isAssign ? "=" : ":="} `;
      return decls + node.commands.map(nodeText).join(" | ");
    }
    case "command":
      return node.args.map((arg) => (arg.kind === "pipe" ? `(${nodeText(arg)})` : nodeText(arg))).join(" ");
    case "bool":
      return String(node.value);
    case "dot":
      return ".";
    case "nil":
      return "nil";
    case "string":
      return node.quoted;
    case "number":
      return node.text;
    case "field":
      return `.${node.ident.join(".")}`;
    case "variable":
      return node.ident.join(".");
    case "chain":
      return `${node.node.kind === "pipe" ? `(${nodeText(node.node)})` : nodeText(node.node)}.${node.fields.join(".")}`;
    case "identifier":
      return node.name;
  }
}

/** `name:line:column` of a node; the column counts bytes. */
export function nodeLocation(node: Node): string {
  const before = node.source.text.slice(0, node.pos);
  const lineStart = before.lastIndexOf("\n") + 1;
  let line = 1;
  for (let i = before.indexOf("\n"); i >= 0; i = before.indexOf("\n", i + 1)) line++;
  return `${node.source.parseName}:${line}:${byteLength(before.slice(lineStart))}`;
}
