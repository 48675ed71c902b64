#!/bin/sh
# Run a training script in the background with the allocator that suits torch on a CPU: ./train.sh LOG SCRIPT ARGS...
# NICE sets its priority (19, the lowest, unless given).
log=$1
shift
jemalloc=$(ls /usr/lib/*/libjemalloc.so.2 2>/dev/null | head -1)
export OMP_WAIT_POLICY=PASSIVE KMP_BLOCKTIME=0
export MALLOC_CONF=dirty_decay_ms:-1,muzzy_decay_ms:-1,thp:always
LD_PRELOAD=$jemalloc setsid nohup nice -n "${NICE:-19}" "${PYTHON:-python3}" "$@" >>"$log" 2>&1 </dev/null &
echo "started: $1, log in $log"
