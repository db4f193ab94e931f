#include "cli/completion_scripts.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <iterator>

namespace wapc::cli {
namespace {

constexpr const char* kModels = "$(wapc completion --models 2>/dev/null)";

// Between single quotes, for bash and zsh.
std::string Quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

// For fish, where a backslash escapes inside single quotes too.
std::string FishQuoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

// "wapc env show" as a shell variable holds it.
std::string At(const VerbWords& verb) { return Quoted(verb.path); }

std::string DescriptionOf(const std::vector<VerbWords>& verbs, const std::string& path) {
  for (const VerbWords& verb : verbs) {
    if (verb.path == path) return verb.description;
  }
  return "";
}

std::string PathBelow(const VerbWords& verb, const std::string& name) {
  return verb.path.empty() ? name : verb.path + " " + name;
}

std::vector<std::string> FlagNames(const VerbWords& verb) {
  std::vector<std::string> out;
  for (const FlagWords& flag : verb.flags) out.insert(out.end(), flag.names.begin(), flag.names.end());
  return out;
}

// The patterns of a `case` that tells on which verb the words before the cursor settle.
std::string VerbPatterns(const std::vector<VerbWords>& verbs) {
  std::vector<std::string> out;
  for (const VerbWords& verb : verbs) {
    if (!verb.path.empty()) out.push_back(At(verb));
  }
  return fmt::format("{}", fmt::join(out, " | "));
}

// `case` branches of "verb:flag before the cursor" for flags that take a value; `complete` says how.
template <class F>
std::string ValueBranches(const std::vector<VerbWords>& verbs, F complete) {
  std::string out;
  for (const VerbWords& verb : verbs) {
    for (const FlagWords& flag : verb.flags) {
      if (flag.value == WordKind::kNone) continue;
      std::vector<std::string> patterns;
      for (const std::string& name : flag.names) patterns.push_back(Quoted(verb.path + ":" + name));
      fmt::format_to(std::back_inserter(out), "    {}) {} ;;\n", fmt::join(patterns, " | "),
                     complete(flag.value, flag.choices));
    }
  }
  return out;
}

std::string BashWords(WordKind kind, const std::vector<std::string>& choices) {
  switch (kind) {
    case WordKind::kFolder: return R"(mapfile -t COMPREPLY < <(compgen -d -- "$cur"); return)";
    case WordKind::kFile: return R"(mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return)";
    case WordKind::kModel:
      return fmt::format(R"(mapfile -t COMPREPLY < <(compgen -W "{}" -- "$cur"); return)", kModels);
    case WordKind::kChoice:
      return fmt::format(R"(mapfile -t COMPREPLY < <(compgen -W {} -- "$cur"); return)",
                         Quoted(fmt::format("{}", fmt::join(choices, " "))));
    default: return "return";
  }
}

std::string ZshWords(WordKind kind, const std::vector<std::string>& choices) {
  switch (kind) {
    case WordKind::kFolder: return "_files -/; return";
    case WordKind::kFile: return "_files; return";
    case WordKind::kModel: return fmt::format("compadd -- ${{(f)\"{}\"}}; return", kModels);
    case WordKind::kChoice: return fmt::format("compadd -- {}; return", fmt::join(choices, " "));
    default: return "return";
  }
}

}  // namespace

std::string BashScript(const std::vector<VerbWords>& verbs) {
  std::string flags, words;
  for (const VerbWords& verb : verbs) {
    const std::string names = Quoted(fmt::format("{}", fmt::join(FlagNames(verb), " ")));
    fmt::format_to(std::back_inserter(flags), "      {}) mapfile -t COMPREPLY < <(compgen -W {} -- \"$cur\") ;;\n",
                   At(verb), names);
    const bool inner = !verb.verbs.empty();
    fmt::format_to(std::back_inserter(words), "    {}) {} ;;\n", At(verb),
                   BashWords(inner ? WordKind::kChoice : verb.positional, inner ? verb.verbs : verb.choices));
  }
  return fmt::format(R"(# Completion of wapc for bash, printed by `wapc completion bash`.
_wapc() {{
  local cur=${{COMP_WORDS[COMP_CWORD]}} prev=${{COMP_WORDS[COMP_CWORD - 1]}} verb= word
  COMPREPLY=()
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    case "${{verb:+$verb }}$word" in
      {}) verb="${{verb:+$verb }}$word" ;;
    esac
  done
  case "$verb:$prev" in
{}  esac
  if [[ $cur == -* ]]; then
    case "$verb" in
{}    esac
    return
  fi
  case "$verb" in
{}  esac
}}
complete -o default -F _wapc wapc
)",
                     VerbPatterns(verbs), ValueBranches(verbs, BashWords), flags, words);
}

std::string ZshScript(const std::vector<VerbWords>& verbs) {
  std::string flags, words;
  for (const VerbWords& verb : verbs) {
    std::vector<std::string> described;
    for (const FlagWords& flag : verb.flags) {
      for (const std::string& name : flag.names) described.push_back(Quoted(name + ":" + flag.description));
    }
    fmt::format_to(std::back_inserter(flags), "      {}) items=({}) ;;\n", At(verb), fmt::join(described, " "));
    if (verb.verbs.empty()) {
      fmt::format_to(std::back_inserter(words), "    {}) {} ;;\n", At(verb), ZshWords(verb.positional, verb.choices));
      continue;
    }
    std::vector<std::string> inner;
    for (const std::string& name : verb.verbs) {
      inner.push_back(Quoted(name + ":" + DescriptionOf(verbs, PathBelow(verb, name))));
    }
    fmt::format_to(std::back_inserter(words), "    {}) items=({}); _describe verb items ;;\n", At(verb),
                   fmt::join(inner, " "));
  }
  return fmt::format(R"(#compdef wapc
# Completion of wapc for zsh, printed by `wapc completion zsh`.
_wapc() {{
  local cur=${{words[CURRENT]}} prev=${{words[CURRENT-1]}} verb= word
  local -a items
  for word in "${{(@)words[2,CURRENT-1]}}"; do
    case "${{verb:+$verb }}$word" in
      {}) verb="${{verb:+$verb }}$word" ;;
    esac
  done
  case "$verb:$prev" in
{}  esac
  if [[ $cur == -* ]]; then
    case "$verb" in
{}    esac
    _describe flag items
    return
  fi
  case "$verb" in
{}  esac
}}
if [[ ${{funcstack[1]}} == _wapc ]]; then _wapc "$@"; else compdef _wapc wapc; fi
)",
                     VerbPatterns(verbs), ValueBranches(verbs, ZshWords), flags, words);
}

namespace {

std::string FishArguments(WordKind kind, const std::vector<std::string>& choices) {
  switch (kind) {
    case WordKind::kFile: return " -F";
    case WordKind::kFolder: return " -x -a '(__fish_complete_directories)'";
    case WordKind::kModel: return " -x -a '(wapc completion --models 2>/dev/null)'";
    case WordKind::kChoice: return fmt::format(" -x -a {}", FishQuoted(fmt::format("{}", fmt::join(choices, " "))));
    default: return " -x";
  }
}

std::string FishFlag(const FlagWords& flag) {
  std::string out;
  for (const std::string& name : flag.names) {
    out += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  }
  if (flag.value != WordKind::kNone) out += FishArguments(flag.value, flag.choices);
  return out + " -d " + FishQuoted(flag.description);
}

}  // namespace

std::string FishScript(const std::vector<VerbWords>& verbs) {
  std::vector<std::string> paths;
  std::string lines;
  const auto line = [&lines](const VerbWords& verb, const std::string& rest) {
    fmt::format_to(std::back_inserter(lines), "complete -c wapc -n '__wapc_at {}'{}\n",
                   verb.path.empty() ? "\"\"" : "\"" + verb.path + "\"", rest);
  };
  for (const VerbWords& verb : verbs) {
    if (!verb.path.empty()) paths.push_back(FishQuoted(verb.path));
    for (const std::string& name : verb.verbs) {
      line(verb, fmt::format(" -f -a {} -d {}", name, FishQuoted(DescriptionOf(verbs, PathBelow(verb, name)))));
    }
    if (verb.verbs.empty()) {
      const WordKind kind = verb.positional;
      line(verb, kind == WordKind::kNone || kind == WordKind::kAny ? " -f" : FishArguments(kind, verb.choices));
    }
    for (const FlagWords& flag : verb.flags) line(verb, FishFlag(flag));
  }
  return fmt::format(R"(# Completion of wapc for fish, printed by `wapc completion fish`.
function __wapc_at --description 'whether the words before the cursor settle on a verb of wapc'
    set -l verb ''
    for word in (commandline -opc)[2..-1]
        set -l longer (string trim -- "$verb $word")
        if contains -- $longer {}
            set verb $longer
        end
    end
    test "$verb" = "$argv[1]"
end
{})",
                     fmt::join(paths, " "), lines);
}

}  // namespace wapc::cli
