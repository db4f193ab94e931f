# The ANTLR4 runtime (Debian's, or a newer one that find_package sees first) and the tool of the same version.
find_package(antlr4-runtime REQUIRED)
set(WAPC_ANTLR_VERSION 4.9 CACHE STRING "Version of the ANTLR tool: the runtime's")
find_program(Java_JAVA_EXECUTABLE java REQUIRED)
find_file(ANTLR_TOOL_JAR NAMES antlr4-${WAPC_ANTLR_VERSION}-complete.jar antlr-${WAPC_ANTLR_VERSION}-complete.jar
          HINTS $ENV{ANTLR_ROOT} ${WAPC_CACHE}/antlr-${WAPC_ANTLR_VERSION} PATHS /usr/local/lib /usr/share/java)
if(NOT ANTLR_TOOL_JAR)
  message(FATAL_ERROR "The ANTLR ${WAPC_ANTLR_VERSION} tool was not found: run script/bootstrap, or set ANTLR_ROOT to the folder "
                      "of antlr-${WAPC_ANTLR_VERSION}-complete.jar.")
endif()

# Clang turns down a constructor in one of the runtime's headers, which nobody calls: it gets a copy without it.
if(CMAKE_CXX_COMPILER_ID STREQUAL Clang)
  file(COPY ${ANTLR4_INCLUDE_DIR}/ DESTINATION ${PROJECT_BINARY_DIR}/antlr4-runtime)
  set(ANTLR4_INCLUDE_DIR ${PROJECT_BINARY_DIR}/antlr4-runtime)
  file(READ ${ANTLR4_INCLUDE_DIR}/misc/InterpreterDataReader.h text)
  string(REPLACE "InterpreterData() {};" "" text "${text}")
  file(WRITE ${ANTLR4_INCLUDE_DIR}/misc/InterpreterDataReader.h "${text}")
endif()

# wapc_antlr_library(name lexer.g4 parser.g4): a library of the generated lexer and parser, headers in its build folder.
function(wapc_antlr_library name lexer parser)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/generated)
  get_filename_component(lexer_name ${lexer} NAME_WE)
  get_filename_component(parser_name ${parser} NAME_WE)
  set(generated ${out}/${lexer_name}.cpp ${out}/${lexer_name}.h ${out}/${parser_name}.cpp ${out}/${parser_name}.h)
  add_custom_command(
    OUTPUT ${generated}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${out}
    COMMAND ${Java_JAVA_EXECUTABLE} -jar ${ANTLR_TOOL_JAR} -Dlanguage=Cpp -Werror -no-listener -no-visitor
            -package wapc::sql_parser -Xexact-output-dir -lib ${out} -o ${out}
            ${PROJECT_SOURCE_DIR}/${lexer} ${PROJECT_SOURCE_DIR}/${parser}
    DEPENDS ${lexer} ${parser}
    COMMENT "Generating the SQL parser"
    VERBATIM)
  add_library(${name} STATIC ${generated})
  target_include_directories(${name} SYSTEM PUBLIC ${out} ${ANTLR4_INCLUDE_DIR})
  target_compile_options(${name} PRIVATE -w)
  target_link_libraries(${name} PUBLIC antlr4_static)
endfunction()
