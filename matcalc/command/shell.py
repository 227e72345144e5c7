"""Completion of the command in a shell: `matcalc completion bash`, `zsh` or `fish` prints what the shell is to load."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

BASH = """\
# bash: put  eval "$(matcalc completion bash)"  into ~/.bashrc
_matcalc() {{
    local word="${{COMP_WORDS[COMP_CWORD]}}" before="${{COMP_WORDS[COMP_CWORD-1]}}"
    case "$before" in
{cases}
        matcalc) COMPREPLY=($(compgen -W "{verbs}" -- "$word")); return ;;
    esac
    COMPREPLY=($(compgen -W "wrt {options}" -- "$word"))
}}
complete -o default -F _matcalc matcalc
"""
ZSH = """\
# zsh: put  eval "$(matcalc completion zsh)"  into ~/.zshrc, after compinit
autoload -Uz bashcompinit && bashcompinit
"""


def script(shell: str, verbs: Mapping[str, str], options: Mapping[str, Sequence[str]]) -> str:
    """The script for a shell; `verbs` with what they do, `options` with their choices.

    >>> "complete -o default -F _matcalc matcalc" in script("bash", {"grad": ""}, {"--to": ["latex"]})
    True
    """
    if shell == "fish":
        return _fish(verbs, options)
    case = '        {}) COMPREPLY=($(compgen -W "{}" -- "$word")); return ;;'
    cases = "\n".join(case.format(name, " ".join(choices)) for name, choices in options.items() if choices)
    bash = BASH.format(cases=cases, verbs=" ".join(verbs), options=" ".join(options))
    return bash if shell == "bash" else ZSH + bash.partition("\n")[2]


def _fish(verbs: Mapping[str, str], options: Mapping[str, Sequence[str]]) -> str:
    lines = ["# fish: matcalc completion fish > ~/.config/fish/completions/matcalc.fish", "complete -c matcalc -f"]
    for verb, what in verbs.items():
        lines.append(f"complete -c matcalc -n '__fish_use_subcommand' -a {verb} -d '{what.replace(chr(39), '')}'")
    for name, choices in options.items():
        flag = f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}"
        given = f" -x -a '{' '.join(choices)}'" if choices else ""
        lines.append(f"complete -c matcalc {flag}{given}")
    return "\n".join(lines) + "\n"
