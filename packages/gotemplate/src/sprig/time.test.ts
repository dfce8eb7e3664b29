// SPDX-License-Identifier: Apache-2.0
// Expectations are what Go gives.
import { describe, expect, it } from "vitest";
import { render } from "../../conformance/render-case.ts";

describe("Masterminds/sprig date.go", () => {
  it.each([
    [
      `{{ dateInZone "2006-01-02 15:04:05 -0700 MST" (int64 1700000000) "America/New_York" }} {{ dateInZone "MST" (int64 1700000000) "Asia/Tokyo" }} {{ dateInZone "MST" (int64 1720000000) "Europe/London" }}`,
      "2023-11-14 17:13:20 -0500 EST JST BST",
    ],
    [
      `{{ date "Mon Jan _2 2006 03:04:05.000 PM" 1 }} {{ htmlDate 0 }} {{ htmlDateInZone 0 "Nope" }} {{ date "002 __2 06 1 2" 86400 }}`,
      "Thu Jan  1 1970 12:00:01.000 AM 1970-01-01 1970-01-01 002   2 70 1 2",
    ],
    [
      `{{ toDate "2006-01-02" "2024-02-30" }} {{ toDate "2006-01-02T15:04:05Z07:00" "2024-01-02T03:04:05+02:00" }} {{ unixEpoch (toDate "2006-01-02" "1970-01-02") }}`,
      "0001-01-01 00:00:00 +0000 UTC 2024-01-02 03:04:05 +0200 +0200 86400",
    ],
    [
      `{{ dateModify "-1.5h" (toDate "2006-01-02" "2024-03-01") }} {{ dateModify "x" (toDate "2006-01-02" "2024-03-01") | toJson }}`,
      `2024-02-29 22:30:00 +0000 UTC "2024-03-01T00:00:00Z"`,
    ],
    [
      `{{ duration "95" }} {{ duration 95 }} {{ duration (int64 3661) }} {{ durationRound "2h10m5s" }} {{ durationRound "400h" }} {{ durationRound "-61s" }}`,
      "1m35s 0s 1h1m1s 2h 16d 1m",
    ],
    [
      `{{ $t := toDate "2006-01-02" "2024-02-29" }}{{ $t.Year }} {{ $t.Month }} {{ $t.Weekday }} {{ $t.YearDay }} {{ ($t.AddDate 1 0 0).Format "Jan 2" }} {{ $t.Before ($t.AddDate 0 0 1) }}`,
      "2024 February Thursday 60 Mar 1 true",
    ],
    [
      `{{ printf "%#v" (toDate "2006-01-02" "2024-02-29") }} {{ toDate "2006-01-02" "2024-02-29" | toJson }}`,
      `time.Date(2024, time.February, 29, 0, 0, 0, 0, time.UTC) "2024-02-29T00:00:00Z"`,
    ],
  ])("%s", (template, expected) => {
    expect(render(template)).toBe(expected);
  });

  it.each([
    [`{{ mustToDate "2006-01-02" "x" }}`, `error calling mustToDate: parsing time "x" as "2006-01-02": cannot parse "x" as "2006"`],
    [`{{ mustToDate "15:04" "25:00" }}`, `error calling mustToDate: parsing time "25:00": hour out of range`],
    [`{{ mustToDate "2006-01-02" "2024-02-30" }}`, `error calling mustToDate: parsing time "2024-02-30": day out of range`],
    [
      `{{ mustDateModify "1d" (toDate "2006-01-02" "2024-02-29") }}`,
      `error calling mustDateModify: time: unknown unit "d" in duration "1d"`,
    ],
  ])("%s fails as in Go", (template, message) => {
    expect(() => render(template)).toThrow(message);
  });
});
