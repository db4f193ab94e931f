# wapc_embed_files(target folder...): puts every file below the folders into the target as text, found through
# `wapc::embedded::Files()` of the generated header "<target>_embedded.h".
function(wapc_embed_files target)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/embedded/${target}_embedded)
  set(files)
  foreach(folder ${ARGN})
    file(GLOB_RECURSE found CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*)
    list(APPEND files ${found})
  endforeach()
  add_custom_command(
    OUTPUT ${out}.cc ${out}.h
    COMMAND ${CMAKE_COMMAND} -DOUT=${out} -DNAME=${target} -DROOT=${PROJECT_SOURCE_DIR} "-DFILES=${files}"
            -P ${PROJECT_SOURCE_DIR}/cmake/EmbedFiles.cmake
    DEPENDS ${files} ${PROJECT_SOURCE_DIR}/cmake/EmbedFiles.cmake
    COMMENT "Embedding files of ${target}"
    VERBATIM)
  target_sources(${target} PRIVATE ${out}.cc ${out}.h)
  target_include_directories(${target} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/embedded)
endfunction()
