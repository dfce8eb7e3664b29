// SPDX-License-Identifier: Apache-2.0
import type { Run } from "../command.ts";

/**
 * Each script asks `flux __complete` for candidates, one a line with a tab before its description. The last line is a directive:
 * 1 something failed, 2 no space after the word, 4 no file names.
 */
const SCRIPTS: Readonly<Record<string, string>> = {
  bash: `# bash completion for flux
_flux() {
  local words=() word line directive=0 index last=-1
  # bash takes = for a word of its own: --namespace=web is three words to it, and one to flux.
  for ((index = 1; index <= COMP_CWORD; index++)); do
    word="\${COMP_WORDS[index]}"
    if ((last >= 0)) && { [[ "$word" == "=" ]] || [[ "\${words[last]}" == -*= ]]; }; then
      words[last]="\${words[last]}$word"
    else
      words+=("$word")
      ((last++))
    fi
  done
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ "$line" == :* ]]; then
      directive="\${line#:}"
    else
      COMPREPLY+=("\${line%%$'\\t'*}")
    fi
  done < <("\${COMP_WORDS[0]}" __completeNoDesc "\${words[@]}" 2>/dev/null)
  if ((directive & 2)); then compopt -o nospace 2>/dev/null; fi
  if ((directive & 4)); then compopt +o default 2>/dev/null; fi
}
complete -o default -F _flux flux
`,
  zsh: `#compdef flux
# zsh completion for flux
_flux() {
  local -a candidates
  local line directive=0
  while IFS= read -r line; do
    if [[ "$line" == :* ]]; then
      directive="\${line#:}"
      continue
    fi
    line="\${line//:/\\\\:}"
    candidates+=("\${line/$'\\t'/:}")
  done < <("\${words[1]}" __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)
  # Of --namespace=web only what stands after = is completed.
  [[ "\${words[CURRENT]}" == -*=* ]] && compset -P '*='
  if (( \${#candidates} > 0 )); then
    _describe 'flux' candidates
  elif (( ! (directive & 5) )); then
    _files
  fi
}
compdef _flux flux
`,
  fish: `# fish completion for flux
function __flux_complete
  set -l current (commandline -ct)
  set -l words (commandline -opc) $current
  set -l prefix (string match -r -- '^-[^=]*=' $current)
  for line in ($words[1] __complete $words[2..-1] 2>/dev/null)
    if string match -q -r '^:' -- $line
      # Neither a failure nor a word that is no file: file names.
      test (math "bitand(" (string sub -s 2 -- $line) ", 5)") -eq 0; and __fish_complete_path $current
    else
      echo $prefix$line
    end
  end
end
complete -c flux -f -a '(__flux_complete)'
`,
  powershell: `# powershell completion for flux
Register-ArgumentCompleter -Native -CommandName 'flux' -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
  # Before 7.3 an empty word is lost on the way to a program, unless it is quoted twice.
  if ($wordToComplete -eq '') { $words += $(if ($PSVersionTable.PSVersion -lt [version]'7.3') { '""' } else { '' }) }
  $prefix = if ($wordToComplete -match '^-[^=]*=') { $Matches[0] } else { '' }
  flux __complete @words 2>$null | Where-Object { $_ -notmatch '^:' } | ForEach-Object {
    $name, $about = $_ -split "\`t", 2
    if (-not $about) { $about = $name }
    [System.Management.Automation.CompletionResult]::new("$prefix$name", $name, 'ParameterValue', $about)
  }
}
`,
};

/** Prints the script of one shell. */
export function completionFor(shell: string): Run {
  return async ({ io }) => io.stdout(SCRIPTS[shell] ?? "");
}
