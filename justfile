# 常用命令；没有 just 也可以照抄里面的 cargo 命令。

# 样例上跑一遍整项工作
run:
    cargo run --release -- run samples/青岚市水务局2023年度考核

# 全部测试
test:
    cargo test

# CI 的全部关口
ci:
    .ci/run

# 更新测试的标准输出，再用 git diff 逐条审阅
bless:
    INSTA_UPDATE=always SHUZHI_BLESS=1 cargo test

# 计时
bench:
    cargo bench

# 模糊测试一个目标若干秒，见 fuzz/README.md
fuzz target seconds="300":
    mkdir -p fuzz/corpus/{{target}}
    RUSTC_BOOTSTRAP=1 cargo fuzz run --sanitizer none --debug-assertions {{target}} -- -max_total_time={{seconds}} -rss_limit_mb=1500 -malloc_limit_mb=700 -timeout=10 -max_len=20000
