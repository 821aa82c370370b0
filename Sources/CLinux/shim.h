// Calls of Linux and its C library that Swift's Glibc module does not show.
#ifndef PALSIM_CLINUX_SHIM_H
#define PALSIM_CLINUX_SHIM_H

#include <malloc.h>

// Forces the file system that holds an open file to the disk; 0, or -1 and errno.
int syncfs(int descriptor);

#endif
