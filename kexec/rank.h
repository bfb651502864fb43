#ifndef KEXEC_RANK_H
#define KEXEC_RANK_H

#include "lib/pod.h"

/*
 * Which of two pods of a workload kubectl would rather exec into (its
 * podutils.ActivePods, the other way round): one that is assigned to a node;
 * that is Running, then Unknown, then any other phase; that is ready; that is
 * not being deleted, or else later; that is ready for longer; whose containers
 * have restarted less, and then its sidecars; that is older.  Returns less
 * than 0 when a is better, more than 0 when b is, 0 when they are equal.  Pure.
 */
int rank_compare(const struct pod *a, const struct pod *b);

#endif
