// Included before everything else where the kernels are compiled for Windows, which has threads (of MinGW) and no signals to keep
// from them.

#pragma once
#include <pthread.h>
#include <signal.h>

#ifndef sigfillset
typedef int unrolled_sigset;
#define sigset_t unrolled_sigset
#define sigfillset(set) ((void)(set))
#endif
