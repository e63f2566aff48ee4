var e=`名前
    ip - アドレス・リンク・経路（iproute2 6.1.0）

書式
    ip [-4|-6] [-br] [-o] addr | link [show [dev] NAME]
    ip route [show [default] [dev NAME]] | route get アドレス
    ip neigh | rule

このマシンで使えるもの
    -br, -o
        一つを短い一行で／一つを長い一行で
    表示だけで、変更はできない。
    ここにないオプションは使えない。指定すると、その旨が表示される。
`;export{e as default};