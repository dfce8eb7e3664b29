// SPDX-License-Identifier: Apache-2.0
import type { Run } from "../command.ts";

/** Each script asks `flux __complete` for candidates, one a line with a tab before its description; the last line is a directive. */
const SCRIPTS: Readonly<Record<string, string>> = {
  bash: `# bash completion for flux
_flux() {
  local IFS=$'\\n' line
  COMPREPLY=()
  while read -r line; do
    [[ "$line" == :* ]] && continue
    COMPREPLY+=("\${line%%$'\\t'*}")
  done < <("\${COMP_WORDS[0]}" __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  compopt +o default 2>/dev/null
}
complete -o default -F _flux flux
`,
  zsh: `#compdef flux
# zsh completion for flux
_flux() {
  local -a candidates
  local line
  while IFS= read -r line; do
    [[ "$line" == :* ]] && continue
    candidates+=("\${line%%$'\\t'*}:\${line#*$'\\t'}")
  done < <("\${words[1]}" __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)
  _describe 'flux' candidates
}
compdef _flux flux
`,
  fish: `# fish completion for flux
function __flux_complete
  set -l words (commandline -opc) (commandline -ct)
  $words[1] __complete $words[2..-1] 2>/dev/null | string match -v -r '^:'
end
complete -c flux -f -a '(__flux_complete)'
`,
  powershell: `# powershell completion for flux
Register-ArgumentCompleter -Native -CommandName 'flux' -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
  if ($wordToComplete -eq '') { $words += '' }
  flux __complete @words 2>$null | Where-Object { $_ -notmatch '^:' } | ForEach-Object {
    $name, $about = $_ -split "\`t", 2
    if (-not $about) { $about = $name }
    [System.Management.Automation.CompletionResult]::new($name, $name, 'ParameterValue', $about)
  }
}
`,
};

/** Prints the script of one shell. */
export function completionFor(shell: string): Run {
  return async ({ io }) => io.stdout(SCRIPTS[shell] ?? "");
}
