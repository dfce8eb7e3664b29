// SPDX-License-Identifier: Apache-2.0

const styledText =
  "Replacements inside of YAML text keep its comments and its styles upstream; here the text is read as data and written anew.";

/** Cases that fail, at both levels, and why. */
export const knownFailures: Readonly<Record<string, string>> = {
  "composed/validators/no-change":
    "Upstream takes a validator that sets a field to the value it has for one that changes something, because its nodes remember their lines. Here values are compared.",
  "api/filters/replacement/replacement/TestValueInlineStructuredData/replacement_yaml_flow_style_(kyaml)_field": styledText,
  "kyaml/yaml/merge2/element/merge_primitive_items":
    "The merge strategy of the list stands in a comment behind its key (a kyaml schema comment); comments are not read.",
};
