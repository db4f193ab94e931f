# mimalloc in place of malloc: a third of compile's time was allocation. Nothing in the code names it, so the linker is told to
# keep it. Sanitizers bring an allocator of their own.
if(NOT WAPC_SANITIZE)
  find_package(mimalloc REQUIRED)
  target_link_libraries(wapc PRIVATE -Wl,--push-state,--no-as-needed mimalloc -Wl,--pop-state)
endif()
