#!/bin/busybox sh
# First process of the rig's guest. Host files are below, read-only; what the guest writes lies in memory above them.
# Shared with the host: /rig/out, and in it .rig/command.sh (what to run) and .rig/status (its exit status).
b=/bin/busybox
$b mkdir -p /proc /sys /dev /below /above /root
$b mount -t proc none /proc
$b mount -t sysfs none /sys
$b mount -t devtmpfs none /dev
while read -r module parameters; do
  $b insmod "/modules/$module" $parameters 2>/dev/null || echo "rig: $module did not load"
done </modules/order
share='trans=virtio,version=9p2000.L,msize=524288'
$b mount -t 9p -o "$share,ro,cache=loose" host /below
$b mount -t tmpfs none /above
$b mkdir /above/files /above/work
$b mount -t overlay -o lowerdir=/below,upperdir=/above/files,workdir=/above/work none /root
for folder in proc sys dev; do $b mount --bind "/$folder" "/root/$folder"; done
$b mount -t configfs none /root/sys/kernel/config
$b mkdir -p /root/dev/pts /root/dev/shm /root/rig/out /root/rig/disk
$b mount -t devpts none /root/dev/pts
$b mount -t tmpfs none /root/dev/shm
$b mount -t 9p -o "$share" out /root/rig/out
$b ip link set lo up
# The way of forwarded ports, where there are any (QEMU's own addresses).
[ ! -e /sys/class/net/eth0 ] || { $b ip addr add 10.0.2.15/24 dev eth0 && $b ip link set eth0 up && $b ip route add default via 10.0.2.2; }
# Should the host's side die, the machine does not stay behind for ever.
{ $b sleep 900; $b poweroff -f; } &
$b chroot /root /bin/bash /rig/out/.rig/command.sh
echo $? >/root/rig/out/.rig/status
$b sync
$b poweroff -f
