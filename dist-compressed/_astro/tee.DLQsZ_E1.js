var e=`名前
    tee - 標準入力を端末とファイルの両方に書く（GNU coreutils 9.1）

書式
    tee [-a] [FILE …]

このマシンで使えるもの
    -a
        置き換えずに、後ろに付け足す
    リダイレクトでは書けない場所にも、sudo と組み合わせれば書ける：echo 1 | sudo tee /proc/sys/…
    ここにないオプションは使えない。指定すると、その旨が表示される。
`;export{e as default};