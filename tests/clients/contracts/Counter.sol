// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// Counts, and refuses some numbers in each of Solidity's ways.
contract Counter {
    uint256 public count;

    event Counted(address indexed by, uint256 count);

    error TooMany(uint256 wanted, uint256 allowed);

    function add(uint256 n) external returns (uint256) {
        require(n != 13, "unlucky");
        if (n > 100) revert TooMany(n, 100);
        count += n;
        emit Counted(msg.sender, count);
        return count;
    }
}
