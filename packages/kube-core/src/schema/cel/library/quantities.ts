// SPDX-License-Identifier: Apache-2.0
import type { Quantity } from "../../../quantity.ts";
import { addQuantities, compareQuantities, parseQuantity, quantityToNumber, subtractQuantities } from "../../../quantity.ts";
import { evaluationError } from "../cel-error.ts";
import type { Declaration } from "../functions.ts";
import { overload } from "../functions.ts";
import type { CelValue } from "../values.ts";
import { CelOpaque, sizeOf } from "../values.ts";

const QUANTITY = "kubernetes.Quantity";
type QuantityValue = CelOpaque<Quantity>;

const perCharacter = (args: readonly CelValue[]): number => Math.ceil(sizeOf(args[0] ?? null) * 0.1);

function wrap(quantity: Quantity): QuantityValue {
  return new CelOpaque(QUANTITY, quantity, String(quantity.nanos));
}

function toQuantity(text: string): QuantityValue {
  try {
    return wrap(parseQuantity(text));
  } catch (error) {
    throw evaluationError(error instanceof Error ? error.message : String(error));
  }
}

function isQuantity(text: string): boolean {
  try {
    parseQuantity(text);
    return true;
  } catch {
    return false;
  }
}

const BILLION = 1_000_000_000n;

function isWhole({ value }: QuantityValue): boolean {
  return value.nanos % BILLION === 0n && value.nanos / BILLION < 2n ** 63n && value.nanos / BILLION >= -(2n ** 63n);
}

function fromInteger(value: bigint): Quantity {
  return parseQuantity(value.toString());
}

/** @see k8s.io/apiserver pkg/cel/library/quantity.go */
export const quantities: readonly Declaration[] = [
  overload(`quantity(string) ${QUANTITY}`, toQuantity, perCharacter),
  overload("isQuantity(string) bool", isQuantity, perCharacter),
  overload(`sign(${QUANTITY}) int`, ({ value }: QuantityValue) => BigInt(compareQuantities(value, fromInteger(0n)))),
  overload(
    `${QUANTITY}.isGreaterThan(${QUANTITY}) bool`,
    (left: QuantityValue, right: QuantityValue) => compareQuantities(left.value, right.value) > 0,
  ),
  overload(
    `${QUANTITY}.isLessThan(${QUANTITY}) bool`,
    (left: QuantityValue, right: QuantityValue) => compareQuantities(left.value, right.value) < 0,
  ),
  overload(`${QUANTITY}.compareTo(${QUANTITY}) int`, (left: QuantityValue, right: QuantityValue) =>
    BigInt(compareQuantities(left.value, right.value)),
  ),
  overload(`${QUANTITY}.asApproximateFloat() double`, ({ value }: QuantityValue) => quantityToNumber(value)),
  overload(`${QUANTITY}.asInteger() int`, (quantity: QuantityValue) => {
    if (!isWhole(quantity)) throw evaluationError("cannot convert value to integer");
    return quantity.value.nanos / BILLION;
  }),
  overload(`${QUANTITY}.isInteger() bool`, isWhole),
  overload(`${QUANTITY}.add(${QUANTITY}) ${QUANTITY}`, (left: QuantityValue, right: QuantityValue) =>
    wrap(addQuantities(left.value, right.value)),
  ),
  overload(`${QUANTITY}.add(int) ${QUANTITY}`, (left: QuantityValue, right: bigint) => wrap(addQuantities(left.value, fromInteger(right)))),
  overload(`${QUANTITY}.sub(${QUANTITY}) ${QUANTITY}`, (left: QuantityValue, right: QuantityValue) =>
    wrap(subtractQuantities(left.value, right.value)),
  ),
  overload(`${QUANTITY}.sub(int) ${QUANTITY}`, (left: QuantityValue, right: bigint) =>
    wrap(subtractQuantities(left.value, fromInteger(right))),
  ),
];
