# Writes OUT.h and OUT.cc: the FILES as (path relative to ROOT, text) pairs. Run by wapc_embed_files.
string(REPLACE " " ";" FILES "${FILES}")
file(WRITE ${OUT}.h "// Generated; see cmake/WapcEmbed.cmake.\n#pragma once\n#include <span>\n#include <string_view>\n"
     "namespace wapc::embedded::${NAME} {\nstruct File { std::string_view path; std::string_view text; };\n"
     "std::span<const File> Files();\n}\n")
set(entries "")
foreach(file ${FILES})
  file(RELATIVE_PATH path ${ROOT} ${file})
  file(READ ${file} text)
  # A raw string may hold 65,535 bytes at the most in some compilers, so long files are cut into pieces.
  string(LENGTH "${text}" length)
  set(at 0)
  set(pieces "")
  while(at LESS length)
    string(SUBSTRING "${text}" ${at} 12000 piece)
    string(APPEND pieces "R\"wapc_embed(${piece})wapc_embed\"\n")
    math(EXPR at "${at} + 12000")
  endwhile()
  if(length EQUAL 0)
    set(pieces "\"\"")
  endif()
  string(APPEND entries "  {\"${path}\", ${pieces}},\n")
endforeach()
file(WRITE ${OUT}.cc "#include \"${OUT}.h\"\nnamespace wapc::embedded::${NAME} {\nnamespace {\nconst File kFiles[] = {\n${entries}  {\"\", \"\"},\n};\n}\n"
     "std::span<const File> Files() { return {kFiles, std::size(kFiles) - 1}; }\n}\n")
