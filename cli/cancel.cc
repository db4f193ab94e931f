#include "cli/cancel.h"

#include <csignal>

namespace wapc::cli {
namespace {

// A handler of signals has no other way to say anything than what lives as long as the process.
struct Received {
  std::atomic<bool> any = false;
  std::atomic<int> signal = 0;
};

Received& TheReceived() {
  static Received received;
  return received;
}

void OnSignal(int signal) {
  TheReceived().signal = signal;
  TheReceived().any = true;
}

void Handle(int signal, void (*handler)(int), int flags) {
  struct sigaction action = {};
  action.sa_handler = handler;
  action.sa_flags = flags;
  sigaction(signal, &action, nullptr);
}

}  // namespace

CancelOnSignal::CancelOnSignal() {
  TheReceived().any = false;
  // SA_RESETHAND: the next one of its kind does what it always does.
  for (const int signal : {SIGINT, SIGTERM}) Handle(signal, OnSignal, static_cast<int>(SA_RESETHAND));
}

CancelOnSignal::~CancelOnSignal() {
  for (const int signal : {SIGINT, SIGTERM}) Handle(signal, SIG_DFL, 0);
}

const std::atomic<bool>& CancelOnSignal::flag() const { return TheReceived().any; }

int CancelOnSignal::exit_code() const {
  constexpr int kBase = 128;
  return kBase + TheReceived().signal;
}

}  // namespace wapc::cli
