// SPDX-License-Identifier: Apache-2.0
export const knownFailures: Readonly<Record<string, string>> = {
  "flux2/cmd/flux:TestBuildKustomizationDefaultBuildsAbsolutePathOutsideCwd": "the case names a result that none of its steps gives",
  "flux2/cmd/flux:TestDiffKustomizationDefaultBuildsAbsolutePathOutsideCwd": "the case names a result that none of its steps gives",
  "flux2/cmd/flux:TestFileSystemMigrator/errors out for single file that is a symlink":
    "the case hands over a file system that records what is written; no counterpart of it is written",
  "flux2/cmd/flux:TestFileSystemMigrator/errors out for single file with wrong extension":
    "the case hands over a file system that records what is written; no counterpart of it is written",
  "flux2/cmd/flux:TestFileSystemMigrator/migrate single file":
    "the case hands over a file system that records what is written; no counterpart of it is written",
  "flux2/cmd/flux:TestInstall_ComponentsExtra":
    "its conditions join comparisons in parentheses, which the runner of cases does not read yet",
  "flux2/cmd/flux:TestLogRequest/all logs": "the part of the case that holds the log and what is expected could not be read",
  "flux2/cmd/flux:TestLogRequest/filter by namespace": "the part of the case that holds the log and what is expected could not be read",
  "flux2/cmd/flux:TestLogRequest/filter by namespace, name, loglevel and kind":
    "the part of the case that holds the log and what is expected could not be read",
  "flux2/cmd/flux:TestVersionCmd/#0": "upstream's test runs a development build, which calls itself v0.0.0-dev.0; this is a release",
  "flux2/cmd/flux:Test_addEventsToList_pagination":
    "the case asks a client of upstream's test library that holds objects in memory; no counterpart of it is written",
  "flux2/cmd/flux:Test_getObjectRef/Empty Ref for Provider":
    "the case asks a client of upstream's test library that holds objects in memory; no counterpart of it is written",
  "flux2/cmd/flux:Test_getObjectRef/Source Ref for HelmRelease":
    "the case asks a client of upstream's test library that holds objects in memory; no counterpart of it is written",
  "flux2/cmd/flux:Test_getObjectRef/Source Ref for Kustomization":
    "the case asks a client of upstream's test library that holds objects in memory; no counterpart of it is written",
  "flux2/cmd/flux:Test_getRows/All Kustomization (lowercased selector)":
    "the case asks a client of upstream's test library that holds objects in memory; no counterpart of it is written",
  "flux2/cmd/flux:Test_getRows/HelmRelease with crossnamespaced HelmRepository":
    "the case asks a client of upstream's test library that holds objects in memory; no counterpart of it is written",
  "flux2/cmd/flux:Test_getRows/Kustomization with crossnamespaced GitRepository":
    "the case asks a client of upstream's test library that holds objects in memory; no counterpart of it is written",
  "flux2/cmd/flux:Test_resolveSymlinks":
    "upstream writes a folder with the links resolved; here the archive is packed from memory, and no such folder is written",
  "flux2/cmd/flux:Test_saveReaderToFile/yaml with carriage return":
    "upstream writes standard input to a file first; here it is packed from memory",
};
