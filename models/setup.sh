#!/bin/sh
# The environment for training: Debian's free fonts (as root) and a Python environment in models/.venv.
set -e
cd "$(dirname "$0")"
apt-get install -y --no-install-recommends fontconfig libjemalloc2 \
  fonts-noto-cjk fonts-noto-cjk-extra fonts-noto-core fonts-arphic-ukai fonts-arphic-uming fonts-arphic-gbsn00lp \
  fonts-arphic-gkai00mp fonts-wqy-zenhei fonts-wqy-microhei fonts-lxgw-wenkai fonts-babelstone-han \
  fonts-droid-fallback fonts-smiley-sans fonts-liberation fonts-dejavu fonts-dejavu-extra fonts-freefont-ttf \
  fonts-lato fonts-roboto-unhinted fonts-roboto-slab fonts-croscore fonts-courier-prime fonts-crosextra-caladea \
  fonts-crosextra-carlito fonts-cabin fonts-cantarell fonts-open-sans fonts-inconsolata fonts-hack-ttf fonts-firacode \
  fonts-go fonts-linuxlibertine fonts-texgyre fonts-urw-base35 fonts-ocr-b fonts-paratype fonts-inter \
  fonts-jetbrains-mono fonts-clear-sans fonts-ebgaramond fonts-quattrocento fonts-b612 fonts-anonymous-pro \
  fonts-league-mono fonts-manrope fonts-stix fonts-arkpandora fonts-adf-universalis fonts-adf-baskervald \
  fonts-adf-gillius fonts-liberation2
python3 -m venv .venv
.venv/bin/pip install -r requirements.txt
